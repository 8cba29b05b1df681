"""A learner's grade. Every page, endpoint and export shows the same strings (D4)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache

from grading.rules import arithmetic
from grading.rules.arithmetic import GradedCategory, GradedItem, counted_weight
from grading.rules.category_grade import CategoryGrade, ItemGrade
from grading.rules.certifying import Held
from grading.rules.counting import keeps_retired
from grading.rules.grade_cells import GradeCell, cell_of
from grading.rules.ledger import Ledger, LedgerRow, Policy
from grading.rules.needs import ExamState, Need, needed_on_exam


@dataclass(frozen=True)
class CourseGrade:
    """The overall grade: `exact` is the unrounded fraction, which decides; `percent` is shown.

    `counted` is the ledger that it was computed from: `ledger` without the removed items that do not count. The rest is
    computed for those who ask. `need` is about the exam in the category `need_category`. `is_certified`: the learner holds
    a valid certificate. `is_revoked`: a certificate was issued and is not valid now. `has_notices`: an instructor changed
    one of the learner's scores. `withheld` are the exams that are graded, and whose score the learner may not know yet
    (D33); the grade is computed as if they were running. `hidden` are these exams and those with such a score in a void
    sitting, which only the history tells.
    """

    exact: Fraction
    is_certified: bool
    counted: Ledger
    ledger: Ledger = field(compare=False, repr=False)
    groups: Sequence["Group"] = field(compare=False, repr=False)
    is_revoked: bool = False
    has_notices: bool = False
    withheld: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()

    @property
    def percent(self) -> str:
        return arithmetic.percent_down(self.exact)

    @property
    def pass_percent(self) -> str:
        return policy_percent(self.counted.pass_percent)

    @cached_property
    def has_passed(self) -> bool:
        return arithmetic.has_passed(self.exact, self.counted.pass_percent)

    @cached_property
    def categories(self) -> tuple[CategoryGrade, ...]:
        whole = counted_weight([group.category for group in self.groups])
        return tuple(category_grade(group, whole) for group in self.groups)

    @property
    def written_sum(self) -> str:
        return arithmetic.written_sum([group.category for group in self.groups])

    @cached_property
    def need(self) -> Need | None:
        """Return what the learner needs on the exam, or None while a result is withheld."""
        if self.withheld and not self.has_passed:
            return None
        deciding = deciding_exam(self.groups)
        return need_of(self.groups, deciding, self.counted.pass_percent) if deciding else None

    @property
    def need_category(self) -> str:
        """Return the key of the exam's category."""
        deciding = deciding_exam(self.groups)
        return deciding.policy.key if deciding else ""

    @property
    def items(self) -> list[ItemGrade]:
        return [item for group in self.groups for item in group.items]

    @property
    def has_open_review_points(self) -> bool:
        """Return whether points outside the exam can still be won."""
        return any(item.points_open != "0" for group in self.categories if group.of != "exam" for item in group.items)

    @property
    def has_extra_credit(self) -> bool:
        return any(group.is_extra or group.extra_items for group in self.categories)

    @property
    def counting_categories(self) -> list[CategoryGrade]:
        """Return the categories without those from which the learner is exempt."""
        return [group for group in self.categories if not group.is_exempt]

    @property
    def counted_share(self) -> str:
        """Return the percent of the grade that is left for the other categories, if the learner is exempt from one."""
        return arithmetic.points_text(100 - Decimal(self.exempt_share))

    @property
    def exempt_share(self) -> str:
        """Return the percent of the grade that the other categories share, because the learner is exempt from it."""
        exempt = [Decimal(group.weight) for group in self.categories if group.is_exempt and not group.is_extra]
        return arithmetic.points_text(sum(exempt, Decimal(0)))

    @property
    def has_other_parts(self) -> bool:
        """Return whether more than one category has a weight besides the one that `need` is about."""
        return sum(group.weight != "0.0" for group in self.counting_categories) > 2

    def item(self, activity: str) -> ItemGrade | None:
        """Return the grade of an activity, or None if it is not graded."""
        matches = (
            (group, position)
            for group in self.groups
            for position, row in enumerate(group.rows)
            if row.activity == activity
        )
        return next((group.item(position) for group, position in matches), None)


def grade_from(ledger: Ledger) -> CourseGrade:
    """Return the grade for a ledger. Raises ValueError if the weights do not sum to 100 percent."""
    counting = counted_ledger(ledger)
    groups = groups_of(counting)
    return CourseGrade(
        exact=arithmetic.overall_fraction([group.category for group in groups]) if groups else Fraction(0),
        is_certified=ledger.held == "valid",
        counted=counting,
        ledger=ledger,
        groups=groups,
        is_revoked=ledger.held == "revoked",
        has_notices=ledger.has_notices,
    )


@dataclass(frozen=True)
class GradeOutcome:
    """A grade without the details for the learner's own page: the same strings, but fast to compute for many learners."""

    exact: Fraction
    percent: str
    has_passed: bool
    held: Held
    cells: tuple[GradeCell, ...]

    def cell(self, activity: str) -> GradeCell | None:
        return next((cell for cell in self.cells if cell.activity == activity), None)


def outcome_from(ledger: Ledger) -> GradeOutcome:
    """Return the outcome for a ledger. Raises ValueError if the weights do not sum to 100 percent."""
    groups = groups_of(counted_ledger(ledger))
    exact = arithmetic.overall_fraction([group.category for group in groups]) if groups else Fraction(0)
    return GradeOutcome(
        exact=exact,
        percent=arithmetic.percent_down(exact),
        has_passed=arithmetic.has_passed(exact, ledger.pass_percent),
        held=ledger.held,
        cells=tuple(
            cell_of(row, is_dropped=position in group.category.dropped)
            for group in groups
            for position, row in enumerate(group.rows)
        ),
    )


@dataclass(frozen=True)
class Group:
    """A category's policy and its counted rows."""

    policy: Policy
    rows: tuple[LedgerRow, ...]

    @cached_property
    def category(self) -> GradedCategory:
        items = tuple(graded_item(row) for row in self.rows)
        policy = self.policy
        return GradedCategory(policy.weight, items, policy.drop_lowest, policy.is_extra, self.is_exempt)

    @property
    def items(self) -> tuple[ItemGrade, ...]:
        return tuple(self.item(position) for position in range(len(self.rows)))

    def item(self, position: int) -> ItemGrade:
        """Return the item at a position as shown. It is computed when it is asked for."""
        item = self.shown.get(position)
        if item is None:
            row = self.rows[position]
            item = self.shown[position] = item_grade(row, self.policy, is_dropped=position in self.category.dropped)
        return item

    @cached_property
    def shown(self) -> dict[int, ItemGrade]:
        """Return the items that were asked for, by position."""
        return {}

    @cached_property
    def is_exempt(self) -> bool:
        """Return whether the learner is exempt from every item that its mean could count (D31): one worth nothing is not."""
        regular = [row for row in self.rows if not row.is_extra and (row.possible or row.is_exempt)]
        return bool(regular) and all(row.is_exempt for row in regular)

    @property
    def is_over(self) -> bool:
        """Return whether nothing in it can change the grade any more."""
        return all(row.is_exempt or row.state == "done" for row in self.rows)


def is_nothing_left(ledger: Ledger) -> bool:
    """Return whether the learner is exempt from everything that could count."""
    return not counted_weight([group.category for group in groups_of(counted_ledger(ledger))])


NOT_COUNTED = GradedItem(Decimal(0), Decimal(0))


def graded_item(row: LedgerRow) -> GradedItem:
    """Return what the arithmetic needs of a row. One from which the learner is exempt is worth nothing (D31)."""
    if row.is_exempt:
        return NOT_COUNTED
    return GradedItem(row.earned, row.possible, row.answered, row.winnable, row.is_extra)


def groups_of(counting: Ledger) -> list[Group]:
    """Return every category of a ledger with its rows."""
    return [Group(policy, rows_in(counting, policy)) for policy in counting.policies]


def rows_in(ledger: Ledger, policy: Policy) -> tuple[LedgerRow, ...]:
    """Return the rows of a policy's category."""
    return tuple(row for row in ledger.rows if row.category == policy.key)


def counted_ledger(ledger: Ledger) -> Ledger:
    """Return the ledger without removed items, except those that a learner would lose by leaving out (D23)."""
    rows = [row for policy in ledger.policies for row in counted_in(rows_in(ledger, policy), policy.drop_lowest)]
    return replace(ledger, rows=tuple(rows))


def counted_in(rows: tuple[LedgerRow, ...], drop_lowest: int) -> list[LedgerRow]:
    """Return the rows of one category that count: all present ones, and removed ones that raise the mean (D23)."""
    if not any(row.is_retired for row in rows):
        return list(rows)
    present = [graded_item(row) for row in rows if not row.is_retired]
    mean = arithmetic.category_fraction(present, arithmetic.dropped_positions(present, drop_lowest))
    without = mean if any(item.possible and not item.is_extra for item in present) else Fraction(0)
    return [
        row
        for row in rows
        if not row.is_retired
        or keeps_retired(
            reached=arithmetic.fraction(row.earned, row.possible),
            mean_without=Fraction(0) if row.is_extra else without,
        )
    ]


def deciding_exam(groups: Sequence[Group]) -> Group | None:
    """Return the category of the exam that a need is about: the last one, alone in its category, once others are over."""
    exams = [group for group in groups if group.policy.of == "exam" and group.rows and not group.is_exempt]
    if not exams or len(exams[-1].rows) != 1 or not all(group.is_over for group in exams[:-1]):
        return None
    return exams[-1]


def need_of(groups: Sequence[Group], exam: Group, pass_percent: Decimal) -> Need | None:
    """Return what the learner needs (D26), or None if more than one other category has points left that it takes."""
    others = [group.category for group in groups if group is not exam and (group.rows or group.policy.weight)]
    state: ExamState = exam.rows[0].state  # type: ignore[assignment]  # the model's choices are these three
    return needed_on_exam(pass_percent=pass_percent, others=others, exam=exam.category, exam_state=state)


def category_grade(group: Group, whole: Fraction) -> CategoryGrade:
    """Return a category as shown. `whole` is the weight of all categories that count for the learner."""
    category, policy, reached, answered = group.category, group.policy, group.category.reached, group.category.answered
    added = arithmetic.weighted(category) / whole if whole else Fraction(0)
    return CategoryGrade(
        key=policy.key,
        title=policy.title,
        of=policy.of,
        weight=policy_percent(policy.weight),
        percent=arithmetic.percent_down(reached),
        pass_percent=policy_percent(policy.pass_percent),
        answered_percent=None if answered is None else arithmetic.percent_down(answered),
        weighted_percent=arithmetic.percent_down(added),
        exact=added,
        is_above_line=arithmetic.has_passed(reached, policy.pass_percent),
        items=group.items,
        drop_lowest=policy.drop_lowest,
        is_extra=policy.is_extra,
        mean_of=len(category.regular),
        is_exempt=group.is_exempt,
        is_over=group.is_over,
        share=Fraction(policy.weight) / whole if whole and not group.is_exempt else Fraction(0),
    )


def item_grade(row: LedgerRow, policy: Policy, *, is_dropped: bool) -> ItemGrade:
    """Return an item as shown."""
    reached = arithmetic.fraction(row.earned, row.possible)
    still_open = sum(row.winnable, Decimal(0))
    return ItemGrade(
        activity=row.activity,
        url_name=row.url_name,
        kind=row.kind,
        title=row.title,
        category=policy.key,
        percent=arithmetic.percent_down(reached),
        points_earned=arithmetic.points_text(row.earned),
        points_possible=arithmetic.points_text(row.possible),
        points_open=arithmetic.points_text(still_open),
        points_lost=arithmetic.points_text(row.possible - row.earned - still_open),
        points_short=arithmetic.points_text(arithmetic.points_short(row.earned, row.possible, policy.pass_percent)),
        pass_percent=policy_percent(policy.pass_percent),
        state=row.state,
        is_above_line=arithmetic.has_passed(reached, policy.pass_percent),
        is_extra=row.is_extra,
        is_dropped=is_dropped,
        is_exempt=row.is_exempt,
        points_late=arithmetic.points_text(row.late),
        answered=row.answered,
    )


@lru_cache(256)
def policy_percent(percent: Decimal) -> str:
    """Return a percent of the policy with one decimal: "70.0"."""
    return arithmetic.percent_down(Fraction(percent) / 100)
