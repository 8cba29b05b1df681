"""The gradebook's cells, as plain facts: of one learner in one statement (two with a certificate), of many in four."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q, Subquery

from grading.models import Certificate, CertificateEvent, GradeCategory, GradeChange, Override, Score
from grading.rules.certifying import Held
from grading.rules.standing import Standing


@dataclass(frozen=True)
class Policy:
    """What a category is worth, in percent."""

    key: str
    title: str
    of: str
    weight: Decimal
    pass_percent: Decimal
    position: int


@dataclass(frozen=True)
class Row:
    """One item of one learner, in points; a learner who has not begun has the item's own totals, which are
    `fresh_possible` and `fresh_winnable` for everyone. `override` are the points that an instructor gave."""

    item_id: int
    activity: str
    url_name: str
    kind: str
    title: str
    is_retired: bool
    category: str
    earned: Decimal
    possible: Decimal
    answered: Decimal
    winnable: tuple[Decimal, ...]
    state: str
    fresh_possible: Decimal
    fresh_winnable: tuple[Decimal, ...]
    override: Decimal | None = None

    @property
    def unbegun(self) -> Standing:
        return Standing(Decimal(0), self.fresh_possible, Decimal(0), self.fresh_winnable, "not_started")


@dataclass(frozen=True)
class Ledger:
    """A course's policy and one learner's cells under it; a category may have no item yet.

    Whoever ever had a certificate is graded over its `basis`, also while it is revoked: what they work towards is
    what they had reached. `has_notices`: an instructor moved a score of theirs.
    """

    pass_percent: Decimal
    policies: tuple[Policy, ...]
    rows: tuple[Row, ...]
    held: Held = "none"
    certificate_id: int | None = None
    has_notices: bool = False
    basis: dict[str, Any] | None = None

    def counted_questions(self, activity: str) -> frozenset[str] | None:
        """The questions of an activity that the learner's certificate counted; None without a certificate."""
        if self.basis is None:
            return None
        return frozenset(self.basis["items"].get(activity, {}).get("questions", ()))

    def row(self, activity: str) -> Row | None:
        return next((row for row in self.rows if row.activity == activity), None)

    def with_row(self, changed: Row) -> "Ledger":
        rows = (changed if row.activity == changed.activity else row for row in self.rows)
        return replace(self, rows=tuple(rows))


FIELDS = (
    "key",
    "title",
    "of",
    "weight",
    "pass_percent",
    "position",
    "course__pass_percent",
    "items__pk",
    "items__activity",
    "items__url_name",
    "items__kind",
    "items__title",
    "items__is_retired",
    "items__points_possible",
    "items__winnable",
    "cell__points_earned",
    "cell__points_possible",
    "cell__points_answered",
    "cell__winnable",
    "cell__state",
    "override",
    "has_certificate",
    "has_notices",
)


def ledger(learner_id: int, course_id: int) -> Ledger:
    """Everything that may count for this learner, in order; a certified learner's by their basis (D23)."""
    cell = FilteredRelation("items__scores", condition=Q(items__scores__learner_id=learner_id))
    certified = Certificate.objects.filter(learner_id=learner_id, course_id=OuterRef("course_id"))
    given = Override.objects.filter(learner_id=learner_id, item_id=OuterRef("items__pk")).order_by("-pk")
    told = GradeChange.objects.filter(learner_id=learner_id, item__category__course_id=course_id).exclude(reason="")
    found = list(
        GradeCategory.objects.filter(course_id=course_id)
        .annotate(
            cell=cell,
            has_certificate=Exists(certified),
            has_notices=Exists(told),
            override=Subquery(given.values("points_earned")[:1]),
        )
        .order_by("position", "items__position", "items__pk")
        .values(*FIELDS)
    )
    if not found:
        return Ledger(Decimal(100), (), ())
    current = Ledger(
        pass_percent=found[0]["course__pass_percent"],
        policies=tuple({values["key"]: policy_of(values) for values in found}.values()),
        rows=tuple(row_of(values) for values in found if values["items__pk"] is not None),
        has_notices=found[0]["has_notices"],
    )
    if not found[0]["has_certificate"]:
        return current
    return certified_ledger(current, certificates_in(course_id).get(learner_id=learner_id))


def certificates_in(course_id: int) -> Any:
    """Certificates as values, each with the kind of its newest event (`last`, None without any)."""
    newest = CertificateEvent.objects.filter(certificate=OuterRef("pk")).order_by("-created_at", "-pk")
    rows = Certificate.objects.filter(course_id=course_id).annotate(last=Subquery(newest.values("kind")[:1]))
    return rows.values("pk", "learner_id", "basis", "last")


def certified_ledger(current: Ledger, certificate: dict[str, Any]) -> Ledger:
    held: Held = "revoked" if certificate["last"] == CertificateEvent.Kind.REVOKED else "valid"
    return replace(by_basis(current, certificate["basis"]), held=held, certificate_id=certificate["pk"])


ITEM_FIELDS = FIELDS[: FIELDS.index("cell__points_earned")]
CELL_FIELDS = ("points_earned", "points_possible", "points_answered", "winnable", "state")
NO_CELL: dict[str, Any] = {f"cell__{name}": None for name in CELL_FIELDS}


def ledgers(course_id: int, learner_ids: Collection[int]) -> dict[int, Ledger]:
    """The same for many learners: four statements, however many they are."""
    items = list(
        GradeCategory.objects.filter(course_id=course_id)
        .order_by("position", "items__position", "items__pk")
        .values(*ITEM_FIELDS)
    )
    if not items:
        return dict.fromkeys(learner_ids, Ledger(Decimal(100), (), ()))
    policies = tuple({values["key"]: policy_of(values) for values in items}.values())
    columns = [values for values in items if values["items__pk"] is not None]
    cells, overrides = cells_of(course_id, learner_ids), overrides_of(course_id, learner_ids)
    certificates = {
        found["learner_id"]: found for found in certificates_in(course_id).filter(learner_id__in=learner_ids)
    }

    def ledger_for(learner_id: int) -> Ledger:
        rows = (
            row_of(
                {
                    **values,
                    **cells.get((learner_id, values["items__pk"]), NO_CELL),
                    "override": overrides.get((learner_id, values["items__pk"])),
                }
            )
            for values in columns
        )
        current = Ledger(items[0]["course__pass_percent"], policies, tuple(rows))
        certificate = certificates.get(learner_id)
        return current if certificate is None else certified_ledger(current, certificate)

    return {learner_id: ledger_for(learner_id) for learner_id in learner_ids}


def cells_of(course_id: int, learner_ids: Collection[int]) -> dict[tuple[int, int], dict[str, Any]]:
    """Scores by (learner, item), named as in a ledger's statement."""
    rows = Score.objects.filter(item__category__course_id=course_id, learner_id__in=learner_ids)
    return {
        (learner_id, item_id): {f"cell__{name}": value for name, value in zip(CELL_FIELDS, values, strict=True)}
        for learner_id, item_id, *values in rows.values_list("learner_id", "item_id", *CELL_FIELDS)
    }


def overrides_of(course_id: int, learner_ids: Collection[int]) -> dict[tuple[int, int], Decimal | None]:
    """The newest override by (learner, item)."""
    rows = Override.objects.filter(item__category__course_id=course_id, learner_id__in=learner_ids).order_by("pk")
    return {
        (learner_id, item_id): points
        for learner_id, item_id, points in rows.values_list("learner_id", "item_id", "points_earned")
    }


def policy_of(values: dict[str, Any]) -> Policy:
    return Policy(**{name: values[name] for name in ("key", "title", "of", "weight", "pass_percent", "position")})


def row_of(values: dict[str, Any]) -> Row:
    has_begun = values["cell__state"] is not None
    worth = values["cell__winnable"] if has_begun else values["items__winnable"]
    return Row(
        item_id=values["items__pk"],
        activity=values["items__activity"],
        url_name=values["items__url_name"],
        kind=values["items__kind"],
        title=values["items__title"],
        is_retired=values["items__is_retired"],
        category=values["key"],
        earned=values["cell__points_earned"] if has_begun else Decimal(0),
        possible=values["cell__points_possible"] if has_begun else values["items__points_possible"],
        answered=values["cell__points_answered"] if has_begun else Decimal(0),
        winnable=tuple(Decimal(points) for points in worth),
        state=values["cell__state"] or "not_started",
        fresh_possible=values["items__points_possible"],
        fresh_winnable=tuple(Decimal(points) for points in values["items__winnable"]),
        override=values["override"],
    )


def by_basis(current: Ledger, basis: dict[str, Any]) -> Ledger:
    """The rows that counted when the certificate was issued, under the policy of that moment."""
    counted = basis["items"]
    rows = (counted_row(row, counted[row.activity]) for row in current.rows if row.activity in counted)
    return replace(
        current,
        basis=basis,
        pass_percent=Decimal(basis["pass_percent"]),
        policies=tuple(policy_from(found) for found in basis["categories"]),
        rows=tuple(rows),
    )


def counted_row(row: Row, counted: dict[str, Any]) -> Row:
    """The row as the certificate counted it; what was added to an activity that its learner never began is not theirs."""
    row = replace(row, is_retired=False, category=counted["category"])
    possible = Decimal(counted["possible"])
    if possible != row.fresh_possible:
        row = replace(row, fresh_possible=possible, fresh_winnable=(possible,))
    if row.state != "not_started":
        return row
    return replace(row, possible=row.fresh_possible, winnable=row.fresh_winnable)


def policy_from(found: dict[str, Any]) -> Policy:
    percents = {name: Decimal(found[name]) for name in ("weight", "pass_percent")}
    return Policy(found["key"], found["title"], found["of"], **percents, position=found["position"])


def basis_of(counting: Ledger, questions: dict[str, list[str]]) -> dict[str, Any]:
    """What a certificate keeps: policy, items and, per activity, the counted questions; the inverse of by_basis."""
    return {
        "pass_percent": str(counting.pass_percent),
        "categories": [
            {**asdict(policy), "weight": str(policy.weight), "pass_percent": str(policy.pass_percent)}
            for policy in counting.policies
        ],
        "items": {
            row.activity: {
                "category": row.category,
                "possible": str(row.possible),
                "questions": questions.get(row.activity, []),
            }
            for row in counting.rows
        },
    }
