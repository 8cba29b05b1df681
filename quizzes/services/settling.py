"""Settle the sittings that are due, before grades are read (D9)."""

from datetime import datetime

from activities.kinds import OpenSitting
from quizzes.rules.timing import is_settled
from quizzes.selectors.sittings import open_sitting_in, unsettled_sittings
from quizzes.services.ending import settle_due, settle_expired


def settle_sittings(learner_id: int | None, course_id: int | None, now: datetime) -> OpenSitting | None:
    """Settle what is due in the scope, and return the learner's running exam. Runs one query that usually finds nothing.

    Without `learner_id` the scope is everyone, without `course_id` every course.
    """
    if learner_id is None:
        settle_due(now=now, course_id=course_id)
        return None
    sittings = unsettled_sittings(learner_id)
    for sitting in sittings:
        if course_id in {None, sitting.course_id} and is_settled(sitting.clock, now):
            settle_expired(sitting.pk, learner_id, sitting.course_id, now)
    return open_sitting_in(sittings, now)
