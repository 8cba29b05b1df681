"""The gradebook of a course: learners by items, in a number of statements that no course makes grow."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from course.selectors import learners_in
from grading.selectors import (
    Cell,
    Column,
    Outcome,
    columns_of,
    holds_certificate,
    is_overridden,
    ledgers,
    outcome_from,
    percent_to_sort_by,
)
from quizzes.selectors import assessments_of, is_sitting_now

CHUNK = 500
SHOWS = ("all", "certified", "uncertified", "running", "overridden", "left")


@dataclass(frozen=True)
class Search:
    """What to show and how: `words` in names, `show` one of SHOWS, `sort` name, username, overall or an item's id."""

    words: str = ""
    show: str = "all"
    sort: str = "name"
    is_descending: bool = False


@dataclass(frozen=True)
class GradebookRow:
    """A learner's line; `cells` are in the order of the columns, None where an item is not theirs."""

    learner_id: int
    username: str
    name: str
    outcome: Outcome
    cells: tuple[Cell | None, ...]


def gradebook_columns(course_id: int) -> list[Column]:
    """The items that count, in order, by names of which no two are alike: two statements."""
    columns = columns_of(course_id)
    modules = {found.pk: found.module.title for found in assessments_of(course_id)}
    titles = Counter(column.title for column in columns)
    return [
        column
        if titles[column.title] == 1
        else replace(column, title=f"{column.title}: {modules.get(column.activity, column.activity)}")
        for column in columns
    ]


def gradebook_learners(course_id: int, search: Search, now: datetime) -> QuerySet[Any]:
    """The enrolments that a search finds, in its order."""
    rows = learners_in(course_id, words=search.words, has_left=search.show == "left")
    match search.show:
        case "certified":
            rows = rows.filter(holds_certificate(course_id))
        case "uncertified":
            rows = rows.exclude(holds_certificate(course_id))
        case "running":
            rows = rows.filter(is_sitting_now(course_id, now))
        case "overridden":
            rows = rows.filter(is_overridden(course_id))
    return sorted_by(rows, course_id, search)


def sorted_by(rows: QuerySet[Any], course_id: int, search: Search) -> QuerySet[Any]:
    """Those without a value stand last, whichever way."""
    if search.sort in {"name", "username"}:
        field = "name" if search.sort == "name" else "user__username"
        return rows.order_by(f"-{field}" if search.is_descending else field, "pk")
    activity = None if search.sort == "overall" else search.sort
    value = F("sort_value")
    ordering = value.desc(nulls_last=True) if search.is_descending else value.asc(nulls_last=True)
    return rows.annotate(sort_value=percent_to_sort_by(course_id, activity)).order_by(ordering, "name", "pk")


def gradebook_rows(course_id: int, enrollments: Sequence[Any], columns: Sequence[Column]) -> list[GradebookRow]:
    """The lines of these enrolments: four statements. The caller settled what is due before (D9)."""
    found = ledgers(course_id, [enrollment.user_id for enrollment in enrollments])
    return [row_of(enrollment, outcome_from(found[enrollment.user_id]), columns) for enrollment in enrollments]


def row_of(enrollment: Any, outcome: Outcome, columns: Sequence[Column]) -> GradebookRow:
    cells = {cell.activity: cell for cell in outcome.cells}
    return GradebookRow(
        learner_id=enrollment.user_id,
        username=enrollment.user.username,
        name=enrollment.name or enrollment.user.name,
        outcome=outcome,
        cells=tuple(cells.get(column.activity) for column in columns),
    )


def gradebook_table(course_id: int) -> Iterator[list[str]]:
    """Header and lines of every present learner as text, in the order of enrolment, some at a time: for exports."""
    columns = gradebook_columns(course_id)
    yield ["username", "name", *(column.title for column in columns), "overall_percent", "passed"]
    last = 0
    while chunk := list(learners_in(course_id).filter(pk__gt=last).order_by("pk")[:CHUNK]):
        for row in gradebook_rows(course_id, chunk, columns):
            percents = (cell.percent if cell else "" for cell in row.cells)
            passed = "true" if row.outcome.has_passed else "false"
            yield [row.username, row.name, *percents, row.outcome.percent, passed]
        last = chunk[-1].pk
