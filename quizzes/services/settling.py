"""Read grades only after settling what is due (D9)."""

from datetime import datetime

from grading.rules.course_grade import CourseGrade
from quizzes.rules.timing import is_settled
from quizzes.selectors.settled import SettledGrades
from quizzes.selectors.sittings import open_sitting_in, unsettled_sittings
from quizzes.services.ending import settle_due, settle_expired


def settle_grades(*, now: datetime, learner_id: int | None = None, course_id: int | None = None) -> SettledGrades:
    """Settle what is due in the scope and return its grades. Runs one indexed query that usually finds nothing.

    Without `learner_id` the scope is everyone, without `course_id` every course. `now` is the request's instant.
    """
    if learner_id is None:
        settle_due(now=now, course_id=course_id)
        return SettledGrades(None, course_id, now)
    found = unsettled_sittings(learner_id)
    for each in found:
        if course_id in {None, each.course_id} and is_settled(each.clock, now):
            settle_expired(each.pk, learner_id, each.course_id, now)
    return SettledGrades(learner_id, course_id, now, open_sitting_in(found, now))


def settled_grade(*, learner_id: int, course_id: int, now: datetime) -> CourseGrade:
    """Settle what is due, then return one learner's course grade at `now`. Runs two queries."""
    return settle_grades(now=now, learner_id=learner_id, course_id=course_id).grade(learner_id, course_id)
