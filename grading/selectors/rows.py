"""The gradebook's cells of one learner, as plain facts: one statement, two for a certified learner."""

from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q

from grading.models import Certificate, GradeCategory


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
    """One item of one learner, in points; a learner who has not begun has the item's own totals."""

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


@dataclass(frozen=True)
class Ledger:
    """A course's policy and one learner's cells under it; a category may have no item yet."""

    pass_percent: Decimal
    policies: tuple[Policy, ...]
    rows: tuple[Row, ...]
    is_certified: bool
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
    "is_certified",
)


def ledger(learner_id: int, course_id: int) -> Ledger:
    """Everything that may count for this learner, in order; a certified learner's by their basis (D23)."""
    cell = FilteredRelation("items__scores", condition=Q(items__scores__learner_id=learner_id))
    certified = Certificate.objects.filter(learner_id=learner_id, course_id=OuterRef("course_id"))
    found = list(
        GradeCategory.objects.filter(course_id=course_id)
        .annotate(cell=cell, is_certified=Exists(certified))
        .order_by("position", "items__position", "items__pk")
        .values(*FIELDS)
    )
    if not found:
        return Ledger(Decimal(100), (), (), is_certified=False)
    current = Ledger(
        pass_percent=found[0]["course__pass_percent"],
        policies=tuple({values["key"]: policy_of(values) for values in found}.values()),
        rows=tuple(row_of(values) for values in found if values["items__pk"] is not None),
        is_certified=found[0]["is_certified"],
    )
    if not current.is_certified:
        return current
    basis = Certificate.objects.values_list("basis", flat=True).get(learner_id=learner_id, course_id=course_id)
    return by_basis(current, basis)


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
    if row.state != "not_started" or possible == row.possible:
        return row
    return replace(row, possible=possible, winnable=(possible,))


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
