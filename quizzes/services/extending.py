"""Add time to running sittings (D15): one, several or all, applied once per key."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from foundation.reasons import stated
from mail.services import notify
from people.services import lock_learners
from quizzes.models import Sitting, SittingExtension
from quizzes.refusals import Refusal
from quizzes.rules.timing import accepts_until, is_settled, minutes_of
from quizzes.selectors.outages import sittings_of_holders
from quizzes.services.pause_ends import end_expired_pause
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

MOST = 600  # minutes


@dataclass(frozen=True)
class Extended:
    """The result for the requested sittings; `repeated` already had this time, under the same key.

    `left_out` were not extended, because their learners held a full server (D20).
    """

    extensions: tuple[SittingExtension, ...]
    repeated: tuple[str, ...]
    settled: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def add_minutes(*, minutes: int, **options: Any) -> Extended:
    """Extend sittings by whole minutes, as `add_time` does by seconds."""
    return add_time(seconds=60 * minutes, **options)


@transaction.atomic
def add_time(
    *,
    course: "Course",
    sitting_ids: Collection[str] | None,
    seconds: int | Mapping[str, int],
    reason: str,
    key: str,
    author: "User",
    now: datetime,
    spares_holders: bool = False,
) -> Extended:
    """Extend these sittings of the course, or all running ones (None), by `seconds` (up to 600 minutes).

    To add different times, `seconds` maps the id of each sitting to its time. The deadline may go past the exam's
    closing. Sittings can be extended until they are settled; if several are given, settled ones are skipped and named.
    People who held a full server get no time (D20) if all running sittings are extended, or with `spares_holders`. Raises
    Refusal sitting_settled if all are settled, no_time_limit, not_found, minutes_invalid, reason_missing.
    """
    reason = stated(reason)
    times = list(seconds.values()) if isinstance(seconds, Mapping) else [seconds]
    if not all(1 <= added <= 60 * MOST for added in times):
        raise Refusal("minutes_invalid", most=MOST)
    sittings = lock_sittings(course.pk, sitting_ids, now)
    left_out = sittings_of_holders(sittings) if spares_holders or sitting_ids is None else set()
    sittings = [sitting for sitting in sittings if sitting.pk not in left_out]
    given = _given(key, sittings)
    growing, settled = partition(
        [sitting for sitting in sittings if sitting.pk not in given], lambda sitting: _can_grow(sitting, now)
    )
    if settled and not growing and not given:
        raise Refusal("sitting_settled")
    fields = {"reason": reason, "key": key, "author": author, "created_at": now}
    extensions = tuple(
        _extend(sitting, seconds[sitting.pk] if isinstance(seconds, Mapping) else seconds, fields)
        for sitting in growing
    )
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
            details={
                "seconds": seconds_for_audit(extensions),
                "key": key,
                "sittings": [sitting.pk for sitting in growing],
            },
        )
    return Extended(extensions, tuple(given), tuple(sitting.pk for sitting in settled), tuple(sorted(left_out)))


def lock_sittings(course_id: int, sitting_ids: Collection[str] | None, now: datetime) -> list[Sitting]:
    """Lock the learners of these sittings of the course, or of all running ones (None), and return the sittings.

    The ends of their expired pauses are recorded. A sitting without a time limit has no clock to change, so it is left out
    with None. Raises Refusal not_found, and no_time_limit if such a sitting is named or only such sittings run.
    """
    if sitting_ids is None:
        open_now = Sitting.objects.all_open_at(now).filter(assessment__course_id=course_id)
        timed = dict(open_now.values_list("pk", "is_untimed"))
        sitting_ids = [pk for pk, is_untimed in timed.items() if not is_untimed or all(timed.values())]
    rows = Sitting.objects.filter(pk__in=sitting_ids, assessment__course_id=course_id, deadline_at__isnull=False)
    lock_learners(course_id=course_id, learner_ids=list(rows.values_list("learner_id", flat=True)))
    sittings = list(rows.order_by("pk"))
    if len(sittings) < len(set(sitting_ids)):
        raise Refusal("not_found")
    if any(sitting.is_untimed for sitting in sittings):
        raise Refusal("no_time_limit")
    for sitting in sittings:
        end_expired_pause(sitting, now)
    return sittings


def partition(sittings: Iterable[Sitting], fits: Callable[[Sitting], bool]) -> tuple[list[Sitting], list[Sitting]]:
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


def seconds_for_audit(extensions: Collection[SittingExtension]) -> int | list[int]:
    """Return the seconds for the audit: one number if all are the same, otherwise one for each sitting in order."""
    seconds = [extension.seconds for extension in extensions]
    return seconds if len(set(seconds)) > 1 else seconds[0]


def _extend(sitting: Sitting, seconds: int, fields: dict[str, Any]) -> SittingExtension:
    before = sitting.deadline_at
    assert before is not None
    added = timedelta(seconds=seconds)
    sitting.deadline_at = before + added
    sitting.accepts_until = accepts_until(sitting.deadline_at)
    sitting.latest_deadline_at = sitting.latest_deadline_at and sitting.latest_deadline_at + added
    sitting.save(update_fields=["deadline_at", "accepts_until", "latest_deadline_at"])
    return SittingExtension.objects.create(
        sitting=sitting,
        minutes=minutes_of(seconds),
        deadline_before=before,
        deadline_after=sitting.deadline_at,
        **fields,
    )
