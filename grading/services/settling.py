"""Read grades only after settling what is due (D9)."""

from datetime import datetime

from activities.registry import settle_activities
from grading.rules.course_grade import CourseGrade
from grading.selectors.settled import SettledGrades


def settle_grades(*, now: datetime, learner_id: int | None = None, course_id: int | None = None) -> SettledGrades:
    """Settle what is due in the scope and return its grades. Runs one indexed query that usually finds nothing.

    Without `learner_id` the scope is everyone, without `course_id` every course. `now` is the request's instant.
    """
    return SettledGrades(learner_id, course_id, now, settle_activities(learner_id, course_id, now))


def settled_grade(*, learner_id: int, course_id: int, now: datetime) -> CourseGrade:
    """Settle what is due, then return one learner's course grade at `now`. Runs two queries."""
    return settle_grades(now=now, learner_id=learner_id, course_id=course_id).grade(learner_id, course_id)
