"""Let running exams without a time limit follow a closing time that changed (D36)."""

from datetime import datetime

from django.db.models import Max

from people.services import lock_learners
from quizzes.models import Sitting
from quizzes.rules.timing import accepts_until, deadline_after_closing
from quizzes.selectors.published_questions import dates_of_learner


def follow_closings(*, course_id: int, learner_id: int | None = None, now: datetime) -> int:
    """Move the deadlines of running exams without a time limit to the closing times in force now. Return how many moved.

    Call it in the transaction that changed the closing times, of everyone or of one learner. An exam without a closing
    that gets one in the past ends at `now`, or at its learner's last save or Check if that is later. So does an exam that
    is removed from the course.

    All these learners are locked first. Otherwise an exam that starts in between would keep the old closing time.
    """
    lock_learners(course_id=course_id, learner_ids=None if learner_id is None else [learner_id])
    running = Sitting.objects.all_open_at(now).filter(assessment__course_id=course_id, is_untimed=True)
    if learner_id is not None:
        running = running.filter(learner_id=learner_id)
    sittings = running.select_related("assessment__course", "assessment__module").order_by("pk")
    moved = [sitting for sitting in sittings if _has_moved(sitting, now)]
    Sitting.objects.bulk_update(moved, ["deadline_at", "accepts_until"])
    return len(moved)


def _has_moved(sitting: Sitting, now: datetime) -> bool:
    closes_at = _closing_of(sitting, now)
    ends_at = deadline_after_closing(sitting.clock, closes_at=closes_at, used_until=_used_until(sitting, now))
    if ends_at is None:
        return False
    sitting.deadline_at, sitting.accepts_until = ends_at, accepts_until(ends_at)
    return True


def _closing_of(sitting: Sitting, now: datetime) -> datetime | None:
    """Return when the exam closes for the learner. A removed exam cannot be reached, so it closes now, but only once."""
    if sitting.assessment.is_retired and sitting.deadline_at is not None:
        return min(now, sitting.deadline_at)
    return dates_of_learner(sitting.assessment, sitting.learner_id).closes_at


def _used_until(sitting: Sitting, now: datetime) -> datetime:
    """Return `now`, or the learner's last save or Check if that is later: a later request may have got the lock first."""
    checked = sitting.attempts.aggregate(at=Max("received_at"))["at"]
    saved = sitting.questions.aggregate(at=Max("saved_at"))["at"]
    instants: list[datetime] = [at for at in (now, sitting.started_at, checked, saved) if at is not None]
    return max(instants)
