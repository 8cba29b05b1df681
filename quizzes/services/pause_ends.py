"""Record the end of a pause: the deadline moves later by exactly the time of the pause (D32, I2)."""

from datetime import datetime

from quizzes.models import Sitting, SittingPause, SittingResumption
from quizzes.rules.timing import accepts_until, deadline_as_of, pause_ends_at


def end_pause(sitting: Sitting, *, author_id: int | None, now: datetime) -> SittingResumption:
    """End the pause of a paused sitting at `now`, or at its latest end if that was earlier.

    Call it under the learner's lock.
    """
    began_at, before, after = sitting.paused_at, sitting.deadline_at, deadline_as_of(sitting.clock, now)
    assert began_at is not None
    assert before is not None
    assert after is not None
    resumed_at = began_at + (after - before)
    pause = SittingPause.objects.get(sitting=sitting, resumption=None)
    sitting.deadline_at, sitting.accepts_until = after, accepts_until(after)
    sitting.paused_at = sitting.latest_deadline_at = None
    sitting.save(update_fields=["deadline_at", "accepts_until", "paused_at", "latest_deadline_at"])
    return SittingResumption.objects.create(
        pause=pause, author_id=author_id, resumed_at=resumed_at, deadline_before=before, deadline_after=after
    )


def end_expired_pause(sitting: Sitting, now: datetime) -> None:
    """Record the end of a pause whose latest end has passed. Call it under the learner's lock, before any other write."""
    ends_at = pause_ends_at(sitting.clock)
    if ends_at is not None and ends_at <= now:
        end_pause(sitting, author_id=None, now=now)
