"""A learner's cells under a course's policy, as plain facts, and the basis that a certificate keeps (D23)."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NotRequired, TypedDict

from grading.rules.activity_results import ActivityResult, ActivityWorth
from grading.rules.certifying import Held
from grading.rules.lateness import LateTerms, StoredTerms, terms_from


class BasisCategory(TypedDict):
    """A category in a certificate's basis; its weight and line are stored as text.

    Certificates of earlier versions have neither `drop_lowest` nor `is_extra`.
    """

    key: str
    title: str
    of: str
    weight: str
    pass_percent: str
    position: int
    drop_lowest: NotRequired[int]
    is_extra: NotRequired[bool]


class BasisItem(TypedDict):
    """An item in a certificate's basis, with the ids of the questions that counted, and its late terms if it had any."""

    category: str
    possible: str
    questions: list[str]
    is_extra: NotRequired[bool]
    late: NotRequired[StoredTerms]


class Basis(TypedDict):
    """What a certificate keeps as JSON: the policy, and its items by activity."""

    pass_percent: str
    categories: list[BasisCategory]
    items: dict[str, BasisItem]


@dataclass(frozen=True)
class Policy:
    """A category's weight and line, in percent, and how many of its lowest items it drops.

    The weight of an extra category is on top of the others' 100 %.
    """

    key: str
    title: str
    of: str
    weight: Decimal
    pass_percent: Decimal
    position: int
    drop_lowest: int = 0
    is_extra: bool = False


@dataclass(frozen=True)
class LedgerRow:
    """One item of one learner, in points.

    A learner who has not started has the item's own totals, `fresh`, which are the same for everyone. `override` is the
    points that an instructor gave. `is_extra`: the item adds to its category's mean. `is_exempt`: it does not
    count for this learner. `late_terms` are everyone's; `late` is how many points the learner lost by them (D34).
    """

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
    fresh: ActivityWorth
    override: Decimal | None = None
    is_extra: bool = False
    is_exempt: bool = False
    late_terms: LateTerms | None = None
    late: Decimal = Decimal(0)

    @property
    def unbegun(self) -> ActivityResult:
        return self.fresh.unbegun

    @property
    def result(self) -> ActivityResult:
        """Return the row as a result."""
        return ActivityResult(self.earned, self.possible, self.answered, self.winnable, self.state, self.late)

    def with_result(self, result: ActivityResult) -> "LedgerRow":
        """Return the same item with this result."""
        return replace(
            self,
            earned=result.earned,
            possible=result.possible,
            answered=result.answered,
            winnable=result.winnable,
            state=result.state,
            late=result.late,
        )


@dataclass(frozen=True)
class Ledger:
    """A course's policy and one learner's cells under it. A category may have no items yet.

    A learner who ever had a certificate is graded over its `basis`, even while it is revoked, so that they can regain
    exactly what they had reached. An undone policy may have taken the basis with it: then there is none. `current` is the
    ledger without that certificate, for as long as the learner may not know of it (D33). `has_notices`: an instructor
    changed one of the learner's scores.
    """

    pass_percent: Decimal
    policies: tuple[Policy, ...]
    rows: tuple[LedgerRow, ...]
    held: Held = "none"
    certificate_id: int | None = None
    has_notices: bool = False
    basis: Basis | None = None
    current: "Ledger | None" = field(default=None, compare=False, repr=False)

    def __hash__(self) -> int:
        """Tell learners apart by their points; a worth and a basis hold dicts, which have no hash."""
        return hash(tuple([(row.item_id, row.earned, row.answered) for row in self.rows]))

    def basis_questions(self, activity: str) -> frozenset[str] | None:
        """Return the questions of a review that the learner's certificate counted, or None without a certificate.

        For an exam, whose paper is fixed, the set is empty.
        """
        if self.basis is None:
            return None
        counted = self.basis["items"].get(activity)
        return frozenset(counted["questions"] if counted else ())

    def row(self, activity: str) -> LedgerRow | None:
        return next((row for row in self.rows if row.activity == activity), None)

    def with_row(self, changed: LedgerRow) -> "Ledger":
        rows = (changed if row.activity == changed.activity else row for row in self.rows)
        current = self.current and self.current.with_result(changed.activity, changed.result)
        return replace(self, rows=tuple(rows), current=current)

    def with_result(self, activity: str, result: ActivityResult) -> "Ledger":
        rows = (row.with_result(result) if row.activity == activity else row for row in self.rows)
        return replace(self, rows=tuple(rows))

    @property
    def without_certificate(self) -> "Ledger":
        """Return the ledger as if the learner never had a certificate."""
        return self.current or self


def without_results(ledger: Ledger, activities: Collection[str]) -> Ledger:
    """Return the ledger as if these activities had begun and nothing in them were answered yet."""
    rows = tuple(as_if_unanswered(row) if row.activity in activities else row for row in ledger.rows)
    return replace(ledger, rows=rows)


def as_if_unanswered(row: LedgerRow) -> LedgerRow:
    """Return the row without its result and without the points that an instructor gave."""
    return replace(row.with_result(replace(row.unbegun, state="in_progress")), override=None)


def by_basis(current: Ledger, basis: Basis) -> Ledger:
    """Return the rows that counted when the certificate was issued, under the policy of that time."""
    counted = basis["items"]
    rows = (counted_row(row, counted[row.activity]) for row in current.rows if row.activity in counted)
    return replace(
        current,
        basis=basis,
        pass_percent=Decimal(basis["pass_percent"]),
        policies=tuple(policy_from(category) for category in basis["categories"]),
        rows=tuple(rows),
    )


def counted_row(row: LedgerRow, counted: BasisItem) -> LedgerRow:
    """Return the row as the certificate counted it.

    For an activity that the learner never started, questions added later do not count. The late terms are those of the
    certificate, or none if there are none any more.
    """
    row = replace(
        row,
        is_retired=False,
        category=counted["category"],
        is_extra=counted.get("is_extra", False),
        late_terms=row.late_terms and terms_from(counted.get("late")),
    )
    row = replace(row, fresh=row.fresh.over(Decimal(counted["possible"]), counted["questions"]))
    return row.with_result(row.unbegun) if row.state == "not_started" else row


def policy_from(category: BasisCategory) -> Policy:
    """Return the policy of one category in a certificate's basis."""
    weight, pass_percent = Decimal(category["weight"]), Decimal(category["pass_percent"])
    return Policy(
        category["key"],
        category["title"],
        category["of"],
        weight,
        pass_percent,
        category["position"],
        category.get("drop_lowest", 0),
        category.get("is_extra", False),
    )


def basis_of(counting: Ledger, questions: dict[str, list[str]]) -> Basis:
    """Return what a certificate keeps: policy, items and, per activity, the counted questions. The inverse of by_basis."""
    return {
        "pass_percent": str(counting.pass_percent),
        "categories": [
            {
                "key": policy.key,
                "title": policy.title,
                "of": policy.of,
                "weight": str(policy.weight),
                "pass_percent": str(policy.pass_percent),
                "position": policy.position,
                "drop_lowest": policy.drop_lowest,
                "is_extra": policy.is_extra,
            }
            for policy in counting.policies
        ],
        "items": {row.activity: basis_item(row, questions.get(row.activity, [])) for row in counting.rows},
    }


def basis_item(row: LedgerRow, questions: list[str]) -> BasisItem:
    """Return what a certificate keeps of an item. The inverse of counted_row."""
    item = BasisItem(category=row.category, possible=str(row.possible), questions=questions, is_extra=row.is_extra)
    if row.late_terms is not None:
        item["late"] = row.late_terms.stored()
    return item
