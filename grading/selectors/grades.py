"""A learner's grade as every page, endpoint and export shows it: the same strings everywhere (D4)."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from grading.rules import arithmetic
from grading.rules.arithmetic import Category, Item
from grading.rules.certifying import Held
from grading.rules.counting import keeps_retired
from grading.rules.needs import ExamState, Need, needed_on_exam
from grading.selectors.rows import Ledger, Policy, Row, ledger


@dataclass(frozen=True)
class ItemGrade:
    """One item: percents and points as shown. `points_open` can still be won, `points_lost` cannot;
    `points_short` are missing to its category's line."""

    activity: str
    url_name: str
    kind: str
    title: str
    category: str
    percent: str
    points_earned: str
    points_possible: str
    points_open: str
    points_lost: str
    points_short: str
    pass_percent: str
    state: str
    is_above_line: bool


@dataclass(frozen=True)
class CategoryGrade:
    """One weighted category; `answered_percent` is "of what you have answered", None before the first attempt.

    `exact` is the unrounded fraction that it brings to the overall grade, `weighted_percent` shows it.
    """

    key: str
    title: str
    of: str
    weight: str
    percent: str
    pass_percent: str
    answered_percent: str | None
    weighted_percent: str
    exact: Fraction
    is_above_line: bool
    items: tuple[ItemGrade, ...]


@dataclass(frozen=True)
class CourseGrade:
    """The overall grade: `exact` is the unrounded fraction that decides, `percent` what is shown.

    `is_certified`: a certificate is held and valid; `is_revoked`: one was issued and is not valid now;
    `has_notices`: an instructor moved a score of theirs.
    """

    exact: Fraction
    percent: str
    pass_percent: str
    has_passed: bool
    categories: tuple[CategoryGrade, ...]
    need: Need | None
    written_sum: str
    is_certified: bool
    is_revoked: bool = False
    has_notices: bool = False

    @property
    def items(self) -> list[ItemGrade]:
        return [item for category in self.categories for item in category.items]

    def item(self, activity: str) -> ItemGrade | None:
        """An activity's line; None where it is not graded."""
        return next((item for item in self.items if item.activity == activity), None)


def course_grade(learner_id: int, course_id: int) -> CourseGrade:
    """The grade from the gradebook's cells; the caller settled what is due before (D9)."""
    return grade_from(ledger(learner_id, course_id))


def grade_from(found: Ledger) -> CourseGrade:
    """Pure: the grade that these cells make. Raises ValueError where weights do not sum to 100."""
    counting = counted(found)
    groups = [Group(policy, rows_in(counting, policy)) for policy in counting.policies]
    categories = [group.category for group in groups]
    exact = arithmetic.overall_fraction(categories) if categories else Fraction(0)
    return CourseGrade(
        exact=exact,
        percent=arithmetic.percent_down(exact),
        pass_percent=shown(found.pass_percent),
        has_passed=arithmetic.has_passed(exact, found.pass_percent),
        categories=tuple(category_grade(group) for group in groups),
        need=need_of(groups, found.pass_percent),
        written_sum=arithmetic.written_sum(categories),
        is_certified=found.held == "valid",
        is_revoked=found.held == "revoked",
        has_notices=found.has_notices,
    )


@dataclass(frozen=True)
class Cell:
    """A grade's cell in a table of many: percent as shown, points exact; `is_override`: an instructor gave them."""

    activity: str
    percent: str
    earned: Decimal
    possible: Decimal
    state: str
    is_override: bool


@dataclass(frozen=True)
class Outcome:
    """A grade without what only its learner's page needs: the same strings, computed quickly for many."""

    exact: Fraction
    percent: str
    has_passed: bool
    held: Held
    cells: tuple[Cell, ...]

    def cell(self, activity: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.activity == activity), None)


def outcome_from(found: Ledger) -> Outcome:
    """Pure: the outcome that these cells make."""
    counting = counted(found)
    categories = [Group(policy, rows_in(counting, policy)).category for policy in counting.policies]
    exact = arithmetic.overall_fraction(categories) if categories else Fraction(0)
    return Outcome(
        exact=exact,
        percent=arithmetic.percent_down(exact),
        has_passed=arithmetic.has_passed(exact, found.pass_percent),
        held=found.held,
        cells=tuple(cell_of(row) for row in counting.rows),
    )


def cell_of(row: Row) -> Cell:
    percent = arithmetic.percent_down(arithmetic.fraction(row.earned, row.possible))
    return Cell(row.activity, percent, row.earned, row.possible, row.state, row.override is not None)


@dataclass(frozen=True)
class Group:
    """A category's policy and its counted rows."""

    policy: Policy
    rows: tuple[Row, ...]

    @property
    def category(self) -> Category:
        items = (Item(row.earned, row.possible, row.answered, row.winnable) for row in self.rows)
        return Category(self.policy.weight, tuple(items))


def rows_in(found: Ledger, policy: Policy) -> tuple[Row, ...]:
    return tuple(row for row in found.rows if row.category == policy.key)


def counted(found: Ledger) -> Ledger:
    """The ledger without removed items, but for those that a learner would lose by (D23)."""
    rows = [row for policy in found.policies for row in counted_in(rows_in(found, policy))]
    return replace(found, rows=tuple(rows))


def counted_in(rows: tuple[Row, ...]) -> list[Row]:
    present = [arithmetic.Item(row.earned, row.possible) for row in rows if not row.is_retired]
    mean = arithmetic.category_fraction(present)
    return [
        row
        for row in rows
        if not row.is_retired or keeps_retired(reached=arithmetic.fraction(row.earned, row.possible), mean_without=mean)
    ]


def need_of(groups: list[Group], pass_percent: Decimal) -> Need | None:
    """D26 for a course of two categories of which one is a single exam; None for any other."""
    exams = [group for group in groups if group.policy.of == "exam" and len(group.rows) == 1]
    others = [group for group in groups if group not in exams]
    if len(exams) != 1 or len(others) != 1:
        return None
    state: ExamState = exams[0].rows[0].state  # type: ignore[assignment]  # the model's choices are these three
    return needed_on_exam(
        pass_percent=pass_percent, reviews=others[0].category, exam=exams[0].category, exam_state=state
    )


def category_grade(group: Group) -> CategoryGrade:
    category, policy = group.category, group.policy
    reached = arithmetic.category_fraction(category.items)
    answered = arithmetic.answered_fraction(category.items)
    return CategoryGrade(
        key=policy.key,
        title=policy.title,
        of=policy.of,
        weight=shown(policy.weight),
        percent=arithmetic.percent_down(reached),
        pass_percent=shown(policy.pass_percent),
        answered_percent=None if answered is None else arithmetic.percent_down(answered),
        weighted_percent=arithmetic.percent_down(arithmetic.weighted(category)),
        exact=arithmetic.weighted(category),
        is_above_line=arithmetic.has_passed(reached, policy.pass_percent),
        items=tuple(item_grade(row, policy) for row in group.rows),
    )


def item_grade(row: Row, policy: Policy) -> ItemGrade:
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
        pass_percent=shown(policy.pass_percent),
        state=row.state,
        is_above_line=arithmetic.has_passed(reached, policy.pass_percent),
    )


def shown(percent: Decimal) -> str:
    """A percent of the policy with one decimal: "70.0"."""
    return arithmetic.percent_down(Fraction(percent) / 100)
