"""The gradebook of a course: learners by items, in a constant number of queries, whatever the size of the course."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet

from activities.registry import module_titles, runs_exam
from grading.rules.arithmetic import points_text
from grading.rules.course_grade import GradeOutcome, outcome_from
from grading.rules.grade_cells import GradeCell
from grading.rules.gradebook_file import GIVEN_HEAD
from grading.rules.overrides import COLUMNS, EXEMPT
from grading.selectors import (
    Column,
    SettledGrades,
    columns_of,
    is_overridden,
    overrides_of,
)
from people.rules.sight import EVERYONE, LearnerSight
from people.selectors import enrollments_by_id, has_student_numbers, learners_in

if TYPE_CHECKING:
    from people.models import Enrollment

type PointsGiven = Callable[[int, Collection[int]], Mapping[tuple[int, str], str]]

CHUNK = 500
NOT_COUNTED = "n/a"
LATE_HEAD = "{}: points lost by late answers"
SHOWS = ("all", "certified", "uncertified", "running", "overridden", "left")


@dataclass(frozen=True)
class Search:
    """What to show and how: `words` in names, `group` a group's name or "" for all, `show` one of SHOWS, `sort` name,
    username, overall or an item's id.
    """

    words: str = ""
    group: str = ""
    show: str = "all"
    sort: str = "name"
    is_descending: bool = False


@dataclass(frozen=True)
class GradebookLine:
    """A learner's line; `cells` are in the order of the columns, None for an item that does not count for the learner."""

    learner_id: int
    username: str
    name: str
    email: str
    student_number: str
    outcome: GradeOutcome
    cells: tuple[GradeCell | None, ...]


def gradebook_columns(course_id: int) -> list[Column]:
    """Return the items that count, in order, with distinct names. Runs two queries."""
    columns = columns_of(course_id)
    modules = module_titles(course_id)
    titles = Counter(column.title for column in columns)
    return [
        column
        if titles[column.title] == 1
        else replace(column, title=f"{column.title}: {modules.get(column.activity, column.activity)}")
        for column in columns
    ]


def gradebook_learners(
    grades: SettledGrades, course_id: int, search: Search, now: datetime, sight: LearnerSight = EVERYONE
) -> "QuerySet[Enrollment]":
    """Return the enrollments that a search finds among the learners in sight, in its order."""
    rows = learners_in(course_id, words=search.words, has_left=search.show == "left", group=search.group, sight=sight)
    match search.show:
        case "certified":
            rows = rows.filter(grades.holds_certificate(course_id))
        case "uncertified":
            rows = rows.exclude(grades.holds_certificate(course_id))
        case "running":
            rows = rows.filter(runs_exam(course_id, now))
        case "overridden":
            rows = rows.filter(is_overridden(course_id))
    return sorted_by(grades, rows, course_id, search)


def sorted_by(
    grades: SettledGrades, rows: "QuerySet[Enrollment]", course_id: int, search: Search
) -> "QuerySet[Enrollment]":
    """Sort the enrollments. Those without a value come last in both directions."""
    if search.sort in {"name", "username"}:
        field = "name" if search.sort == "name" else "user__username"
        return rows.order_by(f"-{field}" if search.is_descending else field, "pk")
    activity = None if search.sort == "overall" else search.sort
    value = F("sort_value")
    ordering = value.desc(nulls_last=True) if search.is_descending else value.asc(nulls_last=True)
    return rows.annotate(sort_value=grades.percent_to_sort_by(course_id, activity)).order_by(ordering, "name", "pk")


def gradebook_rows(
    grades: SettledGrades, course_id: int, enrollments: "Sequence[Enrollment]", columns: Sequence[Column]
) -> list[GradebookLine]:
    """Return the lines of these enrollments. Runs four queries."""
    ledgers = grades.ledgers(course_id, [enrollment.user_id for enrollment in enrollments])
    return [
        gradebook_line(enrollment, outcome_from(ledgers[enrollment.user_id]), columns) for enrollment in enrollments
    ]


def gradebook_line(enrollment: "Enrollment", outcome: GradeOutcome, columns: Sequence[Column]) -> GradebookLine:
    cells = {cell.activity: cell for cell in outcome.cells}
    return GradebookLine(
        learner_id=enrollment.user_id,
        username=enrollment.user.username,
        name=enrollment.name or enrollment.user.name,
        email=enrollment.user.email,
        student_number=enrollment.student_number,
        outcome=outcome,
        cells=tuple(cells.get(column.activity) for column in columns),
    )


def gradebook_table(
    grades: SettledGrades,
    course_id: int,
    learners: "QuerySet[Enrollment] | None" = None,
    *,
    columns: Sequence[Column] | None = None,
    points_of: PointsGiven | None = None,
) -> Iterator[list[str]]:
    """Yield header and lines as text, for exports. `columns` are those of `gradebook_columns`, if they are known already.

    The lines are of `learners` in their order, or else of every current learner in the order of enrollment. A cell that
    was not started is empty; NOT_COUNTED marks an item that does not count for the learner. Each item with a late policy
    has another column for the points that late answers lost. If the course uses student numbers, they have a column.
    With `points_of`, each item has a column with the points that an instructor gave.
    """
    columns = gradebook_columns(course_id) if columns is None else columns
    late = [position for position, column in enumerate(columns) if column.has_late_policy]
    heads = [column.title for column in columns] + [LATE_HEAD.format(columns[position].title) for position in late]
    heads += [GIVEN_HEAD.format(column.title) for column in columns if points_of is not None]
    numbered = ["student_number"] if has_student_numbers(course_id) else []
    yield ["username", "name", "email", *numbered, *heads, "overall_percent", "passed"]
    for chunk in in_chunks(course_id, learners):
        given = points_of(course_id, [enrollment.user_id for enrollment in chunk]) if points_of is not None else {}
        for row in gradebook_rows(grades, course_id, chunk, columns):
            passed = "true" if row.outcome.has_passed else "false"
            percents = map(shown_percent, row.cells)
            lost = (points_lost(row.cells[position]) for position in late)
            number = [row.student_number] if numbered else []
            points = (given.get((row.learner_id, column.activity), "") for column in columns if points_of is not None)
            yield [row.username, row.name, row.email, *number, *percents, *lost, *points, row.outcome.percent, passed]


def shown_percent(cell: GradeCell | None) -> str:
    """Return the percent, or "" for a cell that was not started, so that it does not look like a 0."""
    if cell is None or cell.is_exempt:
        return NOT_COUNTED
    return "" if cell.is_blank else cell.percent


def points_lost(cell: GradeCell | None) -> str:
    """Return the points that late answers lost, or "" where the percent is not a result (D34)."""
    return "" if cell is None or cell.is_exempt or cell.is_blank else cell.points_late


def overrides_table(
    course_id: int, learners: "QuerySet[Enrollment]", reasons_of: int | None = None
) -> Iterator[list[str]]:
    """Yield the overrides in force of these learners, in the format of an overrides file.

    With `reasons_of`, only the reasons that this person gave are in it.
    """
    columns = {column.activity: column.title for column in gradebook_columns(course_id)}
    yield list(COLUMNS)
    for chunk in in_chunks(course_id, learners):
        overrides = overrides_of(course_id, [enrollment.user_id for enrollment in chunk])
        for enrollment in chunk:
            for given in overrides.get(enrollment.user_id, ()):
                item = columns.get(given.item.activity)
                if item is not None:
                    points = EXEMPT if given.is_exempt else points_text(given.points_earned)
                    reason = given.reason if reasons_of in (None, given.author_id) else ""
                    yield [enrollment.user.username, item, points, reason]


def in_chunks(course_id: int, learners: "QuerySet[Enrollment] | None") -> "Iterator[list[Enrollment]]":
    """Yield the enrollments in chunks.

    One cursor reads the ids in their order, so that no learner is skipped or repeated, and never holds all of them.
    """
    rows = learners_in(course_id).order_by("pk") if learners is None else learners
    for part in batched(rows.values_list("pk", flat=True).iterator(CHUNK), CHUNK):
        enrollments = enrollments_by_id(course_id, part)
        yield [enrollments[key] for key in part if key in enrollments]
