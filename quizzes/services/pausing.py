"""Pause running sittings and resume them (D32): the clock is stopped, and no response is accepted until somebody resumes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from foundation.reasons import stated
from people.services import Learner, lock_learner
from quizzes.models import Sitting, SittingPause, SittingResumption
from quizzes.refusals import Refusal
from quizzes.rules.timing import LONGEST_PAUSE, is_over, is_paused, is_time_up
from quizzes.services.extending import lock_sittings, partition
from quizzes.services.pause_ends import end_expired_pause, end_pause
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course


@dataclass(frozen=True)
class Paused:
    """The result for the requested sittings; `repeated` were paused already, and the time of `over` is up."""

    pauses: tuple[SittingPause, ...]
    repeated: tuple[str, ...]
    over: tuple[str, ...]


@dataclass(frozen=True)
class Resumed:
    """The result for the requested sittings; `repeated` were not paused."""

    resumptions: tuple[SittingResumption, ...]
    repeated: tuple[str, ...]


@transaction.atomic
def pause_sittings(
    *,
    course: "Course",
    sitting_ids: Collection[str] | None,
    hours: int,
    reason: str,
    author: "User",
    now: datetime,
) -> Paused:
    """Pause these sittings of the course, or all running ones (None), until somebody resumes; at most `hours` (1 to 168).

    Only sittings with time left are paused; the result names the others. Raises Refusal pause_too_late if the time of all
    of them is up, no_time_limit, not_found, hours_invalid, reason_missing.
    """
    reason = stated(reason)
    if not 1 <= hours <= LONGEST_PAUSE:
        raise Refusal("hours_invalid", most=LONGEST_PAUSE)
    sittings = lock_sittings(course.pk, sitting_ids, now)
    repeated, others = partition(sittings, lambda sitting: is_paused(sitting.clock, now))
    pausing, over = partition(others, lambda sitting: _has_time_left(sitting, now))
    if over and len(over) == len(sittings):
        raise Refusal("pause_too_late")
    pauses = tuple(_pause(sitting, hours, reason, author, now) for sitting in pausing)
    if pauses:
        _audit("pause_exams", course, pausing, reason, author, now, hours=hours)
    return Paused(pauses, tuple(sitting.pk for sitting in repeated), tuple(sitting.pk for sitting in over))


@transaction.atomic
def resume_sittings(
    *, course: "Course", sitting_ids: Collection[str] | None, reason: str, author: "User", now: datetime
) -> Resumed:
    """End the pause of these sittings of the course, or of all paused ones (None). The result names those that run already.

    Each deadline moves later by the time of its pause. Raises Refusal not_paused if all of them run, no_time_limit,
    not_found, reason_missing.
    """
    reason = stated(reason)
    sittings = lock_sittings(course.pk, sitting_ids, now)
    resuming, running = partition(sittings, lambda sitting: is_paused(sitting.clock, now))
    if sittings and not resuming:
        raise Refusal("not_paused")
    resumptions = tuple(end_pause(sitting, author_id=author.pk, now=now) for sitting in resuming)
    if resumptions:
        _audit("resume_exams", course, resuming, reason, author, now)
    return Resumed(resumptions, tuple(sitting.pk for sitting in running))


@transaction.atomic
def resume_sitting(*, learner: Learner, sitting_id: str, now: datetime) -> Sitting:
    """End the pause of the learner's own sitting. Resuming a sitting that runs is harmless.

    Raises Refusal not_found, not_enrolled, preview_only, sitting_over.
    """
    mine = Sitting.objects.filter(pk=sitting_id, learner_id=learner.pk, is_void=False, deadline_at__isnull=False)
    own = mine.select_related("assessment__course").first()
    if own is None:
        raise Refusal("not_found")
    lock_learner(learner=learner, course=own.assessment.course)
    sitting: Sitting = Sitting.objects.select_related("assessment").get(pk=sitting_id)
    end_expired_pause(sitting, now)
    if is_over(sitting.clock, now):
        raise Refusal("sitting_over")
    if sitting.paused_at is not None:
        end_pause(sitting, author_id=learner.pk, now=now)
    return sitting


def _has_time_left(sitting: Sitting, now: datetime) -> bool:
    return not (sitting.is_void or sitting.submitted_at is not None or is_time_up(sitting.clock, now))


def _pause(sitting: Sitting, hours: int, reason: str, author: "User", now: datetime) -> SittingPause:
    assert sitting.deadline_at is not None
    longest = timedelta(hours=hours)
    began_at = max(now, sitting.started_at)  # a request may have waited for the lock while the learner started
    sitting.paused_at, sitting.latest_deadline_at = began_at, sitting.deadline_at + longest
    sitting.save(update_fields=["paused_at", "latest_deadline_at"])
    return SittingPause.objects.create(
        sitting=sitting, reason=reason, author=author, created_at=began_at, ends_at=began_at + longest
    )


def _audit(
    action: str,
    course: "Course",
    sittings: Collection[Sitting],
    reason: str,
    author: "User",
    now: datetime,
    **details: object,
) -> None:
    (first, *others) = sittings
    record_audit(
        actor=author,
        action=action,
        now=now,
        course=course,
        target=f"course:{course.slug}" if others else f"sitting:{first.pk}",
        reason=reason,
        details={**details, "sittings": [sitting.pk for sitting in sittings]},
    )
