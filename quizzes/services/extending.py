"""Minutes for running sittings (D15): one, several or all, applied once per key."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from course.rules.reasons import stated
from course.rules.refusals import Refusal
from course.services import lock_learners, record_audit
from quizzes.models import Sitting, SittingExtension
from quizzes.rules.timing import NETWORK_GRACE, SETTLEMENT, is_settled
from quizzes.services.places import clock_of

MOST = 600


@dataclass(frozen=True)
class Extended:
    """What became of the sittings asked for; `repeated` had these minutes already, by the same key."""

    extensions: tuple[SittingExtension, ...]
    repeated: tuple[str, ...]
    settled: tuple[str, ...]


@transaction.atomic
def add_minutes(
    *,
    course: Any,
    sitting_ids: Collection[str] | None,
    minutes: int,
    reason: str,
    key: str,
    author: Any,
    now: datetime,
) -> Extended:
    """Move the deadlines of these sittings of the course, or of all that run (None), by `minutes` (1 to 600).

    Also past the exam's closing. Possible until settlement: of several, those that are settled are left alone and
    named. Raises Refusal sitting_settled where that is all of them, not_found, minutes_invalid, reason_missing.
    """
    reason = stated(reason)
    if not 1 <= minutes <= MOST:
        raise Refusal("minutes_invalid", most=MOST)
    sittings = _locked(course.pk, sitting_ids, now)
    given = _given(key, sittings)
    settled = [sitting for sitting in sittings if sitting.pk not in given and not _can_grow(sitting, now)]
    growing = [sitting for sitting in sittings if sitting.pk not in given and sitting not in settled]
    if settled and not growing and not given:
        raise Refusal("sitting_settled")
    said = {"minutes": minutes, "reason": reason, "key": key, "author": author, "created_at": now}
    extensions = tuple(_extend(sitting, said) for sitting in growing)
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


def running(course_id: int, now: datetime) -> Any:
    """The sittings of a course to which minutes can be added."""
    return Sitting.objects.filter(
        assessment__course_id=course_id, is_void=False, submitted_at=None, deadline_at__gt=now - SETTLEMENT
    )


def _locked(course_id: int, sitting_ids: Collection[str] | None, now: datetime) -> list[Sitting]:
    """The sittings as they are under the locks of their learners."""
    if sitting_ids is None:
        sitting_ids = list(running(course_id, now).values_list("pk", flat=True))
    rows = Sitting.objects.filter(pk__in=sitting_ids, assessment__course_id=course_id, deadline_at__isnull=False)
    lock_learners(course_id=course_id, learner_ids=list(rows.values_list("learner_id", flat=True)))
    found = list(rows.order_by("pk"))
    if len(found) < len(set(sitting_ids)):
        raise Refusal("not_found")
    return found


def _given(key: str, sittings: Collection[Sitting]) -> list[str]:
    rows = SittingExtension.objects.filter(key=key, sitting__in=[sitting.pk for sitting in sittings])
    return list(rows.values_list("sitting_id", flat=True))


def _can_grow(sitting: Sitting, now: datetime) -> bool:
    return not sitting.is_void and not is_settled(clock_of(sitting), now)


def _extend(sitting: Sitting, said: dict[str, Any]) -> SittingExtension:
    before = sitting.deadline_at
    assert before is not None
    sitting.deadline_at = before + timedelta(minutes=said["minutes"])
    sitting.accepts_until = sitting.deadline_at + NETWORK_GRACE
    sitting.save(update_fields=["deadline_at", "accepts_until"])
    return SittingExtension.objects.create(
        sitting=sitting, deadline_before=before, deadline_after=sitting.deadline_at, **said
    )
