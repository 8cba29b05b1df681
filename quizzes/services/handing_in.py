"""Hand in an exam: before its deadline, or in the grace after it."""

from datetime import datetime

from django.db import transaction

from people.services import Learner, lock_learner
from quizzes.models import Sitting
from quizzes.refusals import Refusal
from quizzes.rules.timing import accepts, is_paused
from quizzes.services.pause_ends import end_expired_pause, end_pause
from quizzes.services.settling import settle_sitting
from quizzes.services.ungraded import hand_in_ungraded


@transaction.atomic
def hand_in_sitting(*, learner: Learner, sitting_id: str, now: datetime) -> Sitting:
    """Hand in: grade the drafts and settle the sitting. Handing in again is harmless.

    Raises Refusal not_found, not_an_exam, sitting_over, sitting_paused, and the refusals of lock_learner and
    lock_ungraded.
    """
    own = Sitting.objects.filter(pk=sitting_id, learner_id=learner.pk).select_related("assessment__course").first()
    if own is None:
        return hand_in_ungraded(learner=learner, sitting_id=sitting_id, now=now)
    lock_learner(learner=learner, course=own.assessment.course)
    sitting: Sitting = Sitting.objects.select_related("assessment").get(pk=sitting_id)
    if sitting.submitted_at is not None:
        return sitting
    if sitting.deadline_at is None:
        raise Refusal("not_an_exam")
    end_expired_pause(sitting, now)
    if is_paused(sitting.clock, now):
        raise Refusal("sitting_paused")
    if not accepts(sitting.clock, now):
        raise Refusal("sitting_over")
    if sitting.paused_at is not None:  # the request came before the pause, and waited for the lock
        end_pause(sitting, author_id=None, now=now)
    settle_sitting(sitting, submitted_at=now, ended_by=Sitting.Ending.LEARNER, now=now)
    return sitting
