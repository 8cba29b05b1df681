"""Dates of a course for its learners: what is due next, and all of them for a calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.urls import reverse

from course.rules.own_dates import NOTHING_OWN, in_force
from course.rules.schedule import Dates
from course.selectors import part_of_snapshot, published
from grading.rules.course_grade import CourseGrade
from grading.selectors.columns import due_columns
from people.selectors import own_dates
from portal.pages.selectors.outline import CONTENTS, OutlineEntry

MOST = 5  # coming dates on a page


@dataclass(frozen=True)
class DatedEntry:
    """A date of questions, an exam or a lab. Review questions are named after their module."""

    entry: OutlineEntry
    title: str
    what: Literal["opens", "due", "closes"]
    at: datetime


def read_dated_columns(course_id: int) -> tuple[tuple[str, OutlineEntry], ...]:
    """Return the columns with a due date, whose page is the learner's Progress page (D41). Runs one query."""
    return tuple(
        (
            column.title,
            OutlineEntry(
                *("column", column.column_id, "", column.title, reverse("progress", args=[column.course_slug]), "todo"),
                dates=Dates(due_at=column.due_at),
            ),
        )
        for column in due_columns(course_id)
    )


DATED_COLUMNS = part_of_snapshot("dated_columns", read_dated_columns)


def dates_in(course_id: int, learner_id: int) -> Iterator[DatedEntry]:
    """Yield every date of the course's questions, exams, labs and columns for a learner. Runs a query only if there are
    dates.
    """
    snapshot = published(course_id)
    dated = (*snapshot[CONTENTS].dated, *snapshot[DATED_COLUMNS])
    own = own_dates(learner_id, course_id) if dated else {}
    for title, entry in dated:
        dates = in_force(entry.dates, own.get(entry.id, NOTHING_OWN))
        if dates.opens_at is not None and entry.kind == "exam":
            yield DatedEntry(entry, title, "opens", dates.opens_at)
        if dates.due_at is not None:
            yield DatedEntry(entry, title, "due", dates.due_at)
        if dates.closes_at is not None and dates.closes_at != dates.due_at:
            yield DatedEntry(entry, title, "closes", dates.closes_at)


def coming_dates(course_id: int, learner_id: int, grade: CourseGrade | None, now: datetime) -> tuple[DatedEntry, ...]:
    """Return the next date of each thing that the learner has not finished, soonest first: when it is due, or closes."""
    done = {item.activity for item in grade.items if item.state == "done"} | grade.withheld if grade else set()
    coming: dict[str, DatedEntry] = {}
    for dated in dates_in(course_id, learner_id):
        if dated.what != "opens" and dated.at > now and dated.entry.id not in done:
            coming.setdefault(dated.entry.id, dated)
    return tuple(sorted(coming.values(), key=lambda dated: (dated.at, dated.title))[:MOST])
