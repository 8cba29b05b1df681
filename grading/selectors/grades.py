"""A learner's grade as every page, endpoint and export shows it: the same strings everywhere (D4)."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from grading.rules import arithmetic
from grading.rules.arithmetic import Category, Item
from grading.rules.counting import keeps_retired
from grading.rules.needs import ExamState, Need, needed_on_exam
from grading.selectors.rows import Row, item_rows


@dataclass(frozen=True)
class ItemGrade:
    """One item: percents and points as shown."""

    activity: str
    url_name: str
    kind: str
    title: str
    category: str
    percent: str
    points_earned: str
    points_possible: str
    pass_percent: str
    state: str
    is_above_line: bool


@dataclass(frozen=True)
class CategoryGrade:
    """One weighted category; `answered_percent` is "of what you have answered", None before the first attempt."""

    key: str
    title: str
    of: str
    weight: str
    percent: str
    pass_percent: str
    answered_percent: str | None
    weighted_percent: str
    is_above_line: bool
    items: tuple[ItemGrade, ...]


@dataclass(frozen=True)
class CourseGrade:
    """The overall grade: `exact` is the unrounded fraction that decides, `percent` what is shown."""

    exact: Fraction
    percent: str
    pass_percent: str
    has_passed: bool
    categories: tuple[CategoryGrade, ...]
    need: Need | None
    written_sum: str
    is_certified: bool

    @property
    def items(self) -> list[ItemGrade]:
        return [item for category in self.categories for item in category.items]


def course_grade(learner_id: int, course_id: int) -> CourseGrade:
    """The grade from the gradebook's cells; the caller settled what is due before (D9)."""
    return grade_from(item_rows(learner_id, course_id))


def grade_from(rows: list[Row]) -> CourseGrade:
    """Pure: the grade that these rows make. Raises ValueError where weights do not sum to 100."""
    groups = group(rows)
    categories = [as_category(group) for group in groups]
    exact = arithmetic.overall_fraction(categories) if categories else Fraction(0)
    goal = rows[0].course_pass_percent if rows else Decimal(100)
    return CourseGrade(
        exact=exact,
        percent=arithmetic.percent_down(exact),
        pass_percent=shown(goal),
        has_passed=bool(rows) and arithmetic.has_passed(exact, goal),
        categories=tuple(category_grade(group) for group in groups),
        need=need_of(groups) if rows else None,
        written_sum=arithmetic.written_sum(categories),
        is_certified=any(row.is_certified for row in rows),
    )


def group(rows: list[Row]) -> list[list[Row]]:
    """The rows by category in order, without removed items that may be left out."""
    keys = sorted({(row.policy.position, row.policy.key) for row in rows})
    return [counted([row for row in rows if row.policy.key == key]) for _, key in keys]


def counted(rows: list[Row]) -> list[Row]:
    mean = arithmetic.category_fraction([as_item(row) for row in rows if not row.is_retired])
    return [
        row
        for row in rows
        if not row.is_retired
        or keeps_retired(reached=arithmetic.fraction(row.earned, row.possible), mean_without=mean)
    ]


def as_item(row: Row) -> Item:
    return Item(row.earned, row.possible, row.answered, row.winnable)


def as_category(rows: list[Row]) -> Category:
    return Category(rows[0].policy.weight, tuple(as_item(row) for row in rows))


def need_of(groups: list[list[Row]]) -> Need | None:
    """D26 for a course of two categories of which one is a single exam; None for any other."""
    exams = [rows for rows in groups if rows[0].policy.of == "exam" and len(rows) == 1]
    others = [rows for rows in groups if rows not in exams]
    if len(exams) != 1 or len(others) != 1:
        return None
    state: ExamState = exams[0][0].state  # type: ignore[assignment]  # the model's choices are these three
    return needed_on_exam(
        pass_percent=exams[0][0].course_pass_percent,
        reviews=as_category(others[0]),
        exam=as_category(exams[0]),
        exam_state=state,
    )


def category_grade(rows: list[Row]) -> CategoryGrade:
    category, policy = as_category(rows), rows[0].policy
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
        is_above_line=arithmetic.has_passed(reached, policy.pass_percent),
        items=tuple(item_grade(row) for row in rows),
    )


def item_grade(row: Row) -> ItemGrade:
    reached = arithmetic.fraction(row.earned, row.possible)
    return ItemGrade(
        activity=row.activity,
        url_name=row.url_name,
        kind=row.kind,
        title=row.title,
        category=row.policy.key,
        percent=arithmetic.percent_down(reached),
        points_earned=arithmetic.points_text(row.earned),
        points_possible=arithmetic.points_text(row.possible),
        pass_percent=shown(row.policy.pass_percent),
        state=row.state,
        is_above_line=arithmetic.has_passed(reached, row.policy.pass_percent),
    )


def shown(percent: Decimal) -> str:
    """A percent of the policy with one decimal: "70.0"."""
    return arithmetic.percent_down(Fraction(percent) / 100)
