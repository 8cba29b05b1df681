"""Sittings for instructors: running ones, what was done to those of one learner, and outages."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from course.selectors import learners_in
from quizzes.models import (
    Heartbeat,
    Sitting,
    SittingExtension,
    SittingPause,
    Void,
)
from quizzes.rules.heartbeats import is_outage
from quizzes.rules.timing import is_open


def running_sittings(course_id: int, now: datetime, *, group: str = "") -> QuerySet[Sitting]:
    """Return the running exams, which can be extended, with learners and exams; of one group or all.

    The first to end comes first.
    """
    rows = Sitting.objects.all_open_at(now).filter(assessment__course_id=course_id)
    if group:
        rows = rows.filter(learner__in=learners_in(course_id, group=group).values("user"))
    return rows.select_related("learner", "assessment").prefetch_related("extensions").order_by("deadline_at", "pk")


def is_sitting_now(course_id: int, now: datetime) -> Exists:
    """Return, for a query of people (OuterRef "user_id"), whether one of their exams is running."""
    rows = Sitting.objects.all_open_at(now)
    return Exists(rows.filter(assessment__course_id=course_id, learner_id=OuterRef("user_id")))


def running_learners(course_id: int, learner_ids: Collection[int], now: datetime) -> QuerySet[Sitting, int]:
    """Return the ids of those learners who have an open sitting in the course."""
    rows = Sitting.objects.open_at(now).filter(learner_id__in=learner_ids, assessment__course_id=course_id)
    return rows.values_list("learner_id", flat=True)


def running_since(course_id: int, learner_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Return since when each of those learners who have an open sitting in the course has had one.

    A sitting that was void begins again when that is undone. Runs one query.
    """
    rows = Sitting.objects.open_at(now).filter(learner_id__in=learner_ids, assessment__course_id=course_id)
    begun = rows.annotate(since=Coalesce(Max("voids__created_at"), "started_at")).order_by("-since")
    return dict(begun.values_list("learner_id", "since"))  # of several, the first to begin


@dataclass(frozen=True)
class Outage:
    """An outage, with the sittings that were open in it and still run, and those that ended since.

    `minutes` is its length, rounded up; `key` identifies it, so that the minutes are added only once.
    """

    key: str
    began_at: datetime
    ended_at: datetime
    minutes: int
    running: tuple[Sitting, ...]
    settled: tuple[Sitting, ...]


def outages_to_make_good(course_id: int, now: datetime) -> list[Outage]:
    """Return the last day's outages for which some sittings have not yet been given the lost minutes (D20).

    A sitting that was paused throughout an outage lost no time in it, and one without a time limit has none to lose. Runs
    at most five queries, however many learners were affected.
    """
    since = now - timedelta(days=1)
    # a period that begins in the future comes from a clock that was wrong
    beats = Heartbeat.objects.filter(beat_at__gt=since, started_at__lte=now).order_by("started_at")
    gaps = [
        (one, two) for one, two in pairwise(beats) if is_outage(last_beat_at=one.beat_at, next_beat_at=two.started_at)
    ]
    if not gaps:
        return []
    sittings = list(
        Sitting.objects.filter(
            assessment__course_id=course_id, is_void=False, is_untimed=False, deadline_at__gt=gaps[0][0].beat_at
        )
        .select_related("learner", "assessment")
        .order_by("pk")
    )
    given = set(SittingExtension.objects.filter(sitting__in=sittings).values_list("sitting_id", "key"))
    standing = paused_times(sittings)
    found = (
        outage_between(one, two, [each for each in sittings if lost_time(each, standing, one, two)], given, now)
        for one, two in gaps
    )
    return [outage for outage in found if outage.running or outage.settled]


def paused_times(sittings: list[Sitting]) -> dict[str, list[tuple[datetime, datetime]]]:
    """Return begin and end of every pause by sitting; the latest end of one that is not ended."""
    ended_at = Coalesce("resumption__resumed_at", "ends_at")
    rows = SittingPause.objects.filter(sitting__in=sittings).values_list("sitting_id", "created_at", ended_at)
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for sitting_id, begin, end in rows:
        found.setdefault(sitting_id, []).append((begin, end))
    return found


def lost_time(
    sitting: Sitting, standing: dict[str, list[tuple[datetime, datetime]]], one: Heartbeat, two: Heartbeat
) -> bool:
    """Return whether the outage took some of the sitting's time."""
    began, ended, last = one.beat_at, two.started_at, sitting.submitted_at or sitting.deadline_at
    if any(start <= began and ended <= end for start, end in standing.get(sitting.pk, ())):
        return False
    return sitting.started_at < ended and last is not None and last > began


def outage_between(
    one: Heartbeat, two: Heartbeat, sittings: list[Sitting], given: set[tuple[str, str]], now: datetime
) -> Outage:
    began, ended, key = one.beat_at, two.started_at, f"outage-{two.pk}"
    hit = [found for found in sittings if (found.pk, key) not in given]
    alive = {found.pk: found for found in hit if is_open(found.clock, now)}
    return Outage(
        key=key,
        began_at=began,
        ended_at=ended,
        minutes=max(-(-(ended - began) // timedelta(minutes=1)), 1),
        running=tuple(alive.values()),
        settled=tuple(each for each in hit if each.pk not in alive and each.ended_by != Sitting.Ending.LEARNER),
    )


def extensions_of(learner_id: int, course_id: int) -> QuerySet[SittingExtension]:
    """Return the minutes added to a learner's sittings, newest first."""
    rows = SittingExtension.objects.filter(sitting__learner=learner_id, sitting__assessment__course=course_id)
    return rows.select_related("sitting__assessment", "author").order_by("-pk")


def pause_of(sitting_id: str) -> SittingPause | None:
    """Return the pause of a sitting that is not recorded as ended. Runs one query."""
    return SittingPause.objects.filter(sitting=sitting_id, resumption=None).first()


def voids_of(learner_id: int, assessment_id: str) -> QuerySet[Void]:
    """Return the void records of a learner's exam sittings, newest first."""
    rows = Void.objects.filter(sitting__learner=learner_id, sitting__assessment=assessment_id)
    return rows.select_related("author").order_by("-pk")
