"""Where a reader was last: in a lesson, a lab or review questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from course.rules.own_dates import OwnDates, in_force
from course.rules.schedule import is_within_dates
from foundation.fast.prepared import PreparedQuery
from grading.rules.category_grade import ItemGrade
from labs.workbench import LabWork
from lessons.rules.reading import Sight, Visit, position_to_resume
from lessons.selectors import visits_query
from quizzes.selectors import answered_reviews_query

if TYPE_CHECKING:
    from portal.pages.selectors.outline import CourseContents

# One statement for both, because each page that leads to the last place needs both.
SIGHTS = PreparedQuery(
    lambda user_id: visits_query(user_id).union(answered_reviews_query(user_id), all=True), user_id=int
)


@dataclass(frozen=True)
class ReaderSights:
    """What a reader saw in every course: visits by lesson, and when they last answered in a set of review questions, by its id."""

    visits: Mapping[str, Visit]
    answered: Mapping[str, datetime]


NO_SIGHTS = ReaderSights({}, {})


def sights_of_reader(user_id: int) -> ReaderSights:
    """Return what a reader saw, without labs. Runs one query."""
    visits: dict[str, Visit] = {}
    answered: dict[str, datetime] = {}
    for line, first_at, second_at, section, seen_at in SIGHTS(user_id=user_id):
        if section is not None:
            visits[line] = Visit(first_at, second_at, section, seen_at)
        elif first_at or second_at:
            answered[line] = max(filter(None, (first_at, second_at)))
    return ReaderSights(visits, answered)


def page_to_resume(
    contents: "CourseContents",
    sights: ReaderSights,
    work: Mapping[str, LabWork],
    grades: Mapping[str, ItemGrade],
    own: Mapping[str, OwnDates],
    now: datetime,
) -> str | None:
    """Return the id of the lesson, lab or review questions at which to resume, or None if there is nothing to resume.

    Review questions are finished once the gradebook says so; those that are not graded are left out, and so is what does
    not accept answers at `now`. `own` are the dates that the reader or their groups were given.
    """
    positions, visits, opened = contents.positions, sights.visits, contents.opened(now)
    read = {lesson for lesson in opened if lesson in visits and visits[lesson].done_at is not None}
    seen = [
        Sight(at, positions[lesson], lesson in read)
        for lesson in opened
        if lesson in visits and (at := visits[lesson].last_at) is not None
    ]
    worked: list[tuple[str, datetime | None, bool]] = [
        (lab, done.touched_at, done.has_passed) for lab, done in work.items()
    ]
    worked += [
        (review, at, grades[review].state == "done") for review, at in sights.answered.items() if review in grades
    ]
    for line, at, is_finished in worked:
        if at is not None and line in positions and accepts_work(contents, line, own, now):
            seen.append(Sight(at, positions[line], is_finished))
    position = position_to_resume(seen, [positions[lesson] for lesson in opened if lesson not in read])
    return None if position is None else contents.entries[position].id


def accepts_work(contents: "CourseContents", line: str, own: Mapping[str, OwnDates], now: datetime) -> bool:
    dates = contents.entries[contents.positions[line]].dates
    if line in own:
        dates = in_force(dates, own[line])
    return is_within_dates(opens_at=dates.opens_at, closes_at=dates.closes_at, now=now)
