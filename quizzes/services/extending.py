"""Add minutes to running sittings (D15): one, several or all, applied once per key."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from course.services import lock_learners, notify, record_audit
from foundation.reasons import stated
from quizzes.models import Sitting, SittingExtension
from quizzes.refusals import Refusal
from quizzes.rules.timing import accepts_until, is_settled
from quizzes.services.pause_ends import end_expired_pause

if TYPE_CHECKING:
    from course.models import Course, User

MOST = 600


@dataclass(frozen=True)
class Extended:
    """The result for the requested sittings; `repeated` already had these minutes, under the same key."""

    extensions: tuple[SittingExtension, ...]
    repeated: tuple[str, ...]
    settled: tuple[str, ...]


@transaction.atomic
def add_minutes(
    *,
    course: "Course",
    sitting_ids: Collection[str] | None,
    minutes: int,
    reason: str,
    key: str,
    author: "User",
    now: datetime,
) -> Extended:
    """Extend these sittings of the course, or all running ones (None), by `minutes` (1 to 600).

    The deadline may go past the exam's closing. Sittings can be extended until they are settled; if several are given,
    settled ones are skipped and named. Raises Refusal sitting_settled if all are settled, no_time_limit, not_found,
    minutes_invalid, reason_missing.
    """
    reason = stated(reason)
    if not 1 <= minutes <= MOST:
        raise Refusal("minutes_invalid", most=MOST)
    sittings = lock_sittings(course.pk, sitting_ids, now)
    given = _given(key, sittings)
    growing, settled = parted([each for each in sittings if each.pk not in given], lambda each: _can_grow(each, now))
    if settled and not growing and not given:
        raise Refusal("sitting_settled")
    said = {"minutes": minutes, "reason": reason, "key": key, "author": author, "created_at": now}
    extensions = tuple(_extend(sitting, said) for sitting in growing)
    for extension in extensions:
        learner = [extension.sitting.learner_id]
        notify(what="minutes", key=str(extension.pk), course_id=course.pk, user_ids=learner, now=now)
    if extensions:
        record_audit(
            actor=author,
            action="add_minutes",
            now=now,
            course=course,
            target=f"sitting:{growing[0].pk}" if len(growing) == 1 else f"course:{course.slug}",
            reason=reason,
            details={"minutes": minutes, "key": key, "sittings": [sitting.pk for sitting in growing]},
        )
    return Extended(extensions, tuple(given), tuple(sitting.pk for sitting in settled))


def lock_sittings(course_id: int, sitting_ids: Collection[str] | None, now: datetime) -> list[Sitting]:
    """Lock the learners of these sittings of the course, or of all running ones (None), and return the sittings.

    The ends of their expired pauses are recorded. Sittings without a time limit have no clock to change: None leaves
    them out. Raises Refusal not_found, and no_time_limit for one that is named or if no other runs.
    """
    if sitting_ids is None:
        open_now = Sitting.objects.all_open_at(now).filter(assessment__course_id=course_id)
        timed = dict(open_now.values_list("pk", "is_untimed"))
        sitting_ids = [pk for pk, is_untimed in timed.items() if not is_untimed or all(timed.values())]
    rows = Sitting.objects.filter(pk__in=sitting_ids, assessment__course_id=course_id, deadline_at__isnull=False)
    lock_learners(course_id=course_id, learner_ids=list(rows.values_list("learner_id", flat=True)))
    found = list(rows.order_by("pk"))
    if len(found) < len(set(sitting_ids)):
        raise Refusal("not_found")
    if any(sitting.is_untimed for sitting in found):
        raise Refusal("no_time_limit")
    for sitting in found:
        end_expired_pause(sitting, now)
    return found


def parted(sittings: Iterable[Sitting], fits: Callable[[Sitting], bool]) -> tuple[list[Sitting], list[Sitting]]:
    """Return those that fit, and the others, in their order."""
    parts: tuple[list[Sitting], list[Sitting]] = ([], [])
    for sitting in sittings:
        parts[not fits(sitting)].append(sitting)
    return parts


def _given(key: str, sittings: Collection[Sitting]) -> dict[str, None]:
    """Return the ids of those that already had the minutes of this key, in order."""
    rows = SittingExtension.objects.filter(key=key, sitting__in=[sitting.pk for sitting in sittings])
    return dict.fromkeys(rows.order_by("sitting").values_list("sitting_id", flat=True))


def _can_grow(sitting: Sitting, now: datetime) -> bool:
    return not sitting.is_void and not is_settled(sitting.clock, now)


def _extend(sitting: Sitting, said: dict[str, Any]) -> SittingExtension:
    before = sitting.deadline_at
    assert before is not None
    added = timedelta(minutes=said["minutes"])
    sitting.deadline_at = before + added
    sitting.accepts_until = accepts_until(sitting.deadline_at)
    sitting.latest_deadline_at = sitting.latest_deadline_at and sitting.latest_deadline_at + added
    sitting.save(update_fields=["deadline_at", "accepts_until", "latest_deadline_at"])
    return SittingExtension.objects.create(
        sitting=sitting, deadline_before=before, deadline_after=sitting.deadline_at, **said
    )
