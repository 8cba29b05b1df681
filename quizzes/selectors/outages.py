"""Outages for instructors: their causes, the time that each took from exams, and who held a full server (D20)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce

from people.selectors import learners_named
from quizzes.models import (
    Attempt,
    FullHolder,
    FullPeriod,
    Heartbeat,
    Outage,
    Sitting,
    SittingExtension,
    SittingPause,
    SittingQuestion,
)
from quizzes.rules.heartbeats import LONGEST_GAP, OURS, OutageCause, is_outage
from quizzes.rules.outages import Stretch, joined_stretches, lost_time, weighed_cause
from quizzes.rules.timing import is_open

SHOWN = timedelta(days=1)
MOST_NOT_OURS = 10  # outages on one page that we did not cause
MOST_SHOWN = 20  # holders of one outage
SECOND = timedelta(seconds=1)

type HolderRow = dict[str, Any]
type Stretches = dict[str, list[Stretch]]


@dataclass(frozen=True)
class LostTime:
    """What an outage took from a sitting. `is_holders`: it belongs to somebody who held a full server."""

    sitting: Sitting
    seconds: int
    is_holders: bool


@dataclass(frozen=True)
class SeenHolder:
    """Who held a full server: an address, or a person of this course by name (`name` is "" for other people)."""

    is_person: bool
    name: str
    address: str
    connections: int
    requests: int
    size: int
    refused: int


@dataclass(frozen=True)
class OutageToMakeGood:
    """An outage, what it took from the sittings that still run, and those that ended since.

    `cause` is "" if it is not known. `key` identifies the outage, so that its time is added only once.
    """

    key: str
    began_at: datetime
    ended_at: datetime
    cause: str
    lost: tuple[LostTime, ...] = ()
    settled: tuple[Sitting, ...] = ()
    holders: tuple[SeenHolder, ...] = ()

    @property
    def seconds(self) -> int:
        """Return its length, rounded up."""
        return -(-(self.ended_at - self.began_at) // SECOND)

    @property
    def is_offered(self) -> bool:
        """Return whether its time is offered: only we can have caused it, or an earlier release recorded it."""
        return self.cause == "" or self.cause in OURS

    @property
    def running(self) -> tuple[Sitting, ...]:
        return tuple(lost.sitting for lost in self.lost)

    @property
    def offered(self) -> tuple[LostTime, ...]:
        """Return what is offered to everyone: without the sittings of people who held a full server."""
        return tuple(lost for lost in self.lost if not lost.is_holders) if self.is_offered else ()

    @property
    def left_out(self) -> tuple[LostTime, ...]:
        return tuple(lost for lost in self.lost if lost.is_holders)


def outages_to_make_good(course_id: int, now: datetime) -> list[OutageToMakeGood]:
    """Return the last day's outages, the oldest first, that took time from exams which have not been given it (D20).

    A sitting that was paused throughout an outage, or that has no time limit, lost no time in it. Runs
    at most nine queries, however many learners were affected, and two for each outage that was not ours.
    """
    outages = recent_outages(now)
    if not outages:
        return []
    began_at, ended_at = outages[0].began_at, max(outage.ended_at for outage in outages)
    rows = Sitting.objects.filter(
        assessment__course_id=course_id, is_void=False, is_untimed=False, deadline_at__gt=began_at
    )
    sittings = list(rows.select_related("learner", "assessment").order_by("pk"))
    if not sittings:
        return []
    history = SittingHistory(sittings, (began_at, ended_at))
    weighed = [with_sittings(outage, history, now) for outage in outages]
    return [with_holders(outage, course_id) for outage in weighed if outage.lost or outage.settled]


def recent_outages(now: datetime) -> list[OutageToMakeGood]:
    """Return the last day's outages with the causes that count, the oldest first; of those not ours, the newest ones."""
    full = full_stretches(now)
    recorded = recorded_outages(full, now)
    ours = [outage for outage in recorded if outage.is_offered]
    others = [(outage.began_at, outage.ended_at) for outage in recorded if not outage.is_offered]
    not_ours = [
        OutageToMakeGood(f"full-{began_at.isoformat()}", began_at, ended_at, cause=OutageCause.REFUSED_FULL)
        for began_at, ended_at in joined_stretches([*others, *full])
        if ended_at - began_at > LONGEST_GAP
    ]
    return sorted([*ours, *not_ours[-MOST_NOT_OURS:]], key=lambda outage: (outage.began_at, outage.ended_at))


def full_stretches(now: datetime) -> list[Stretch]:
    """Return when a server was full in the last day. It may have recorded heartbeats then, for which it keeps room."""
    rows = FullPeriod.objects.filter(until_at__gt=now - SHOWN, from_at__lte=now)
    return joined_stretches(rows.values_list("from_at", "until_at"))


def recorded_outages(full: Collection[Stretch], now: datetime) -> list[OutageToMakeGood]:
    """Return the last day's gaps between heartbeats, with the causes that count. Runs two queries."""
    # a period that begins in the future comes from a clock that was wrong
    beats = Heartbeat.objects.filter(beat_at__gt=now - SHOWN, started_at__lte=now).order_by("started_at")
    gaps = {
        two.pk: (one.beat_at, two.started_at)
        for one, two in pairwise(beats)
        if is_outage(last_beat_at=one.beat_at, next_beat_at=two.started_at)
    }
    stored = list(Outage.objects.filter(period__in=gaps)) if gaps else []
    explained = {outage.period_id for outage in stored}
    return [
        *(
            OutageToMakeGood(
                key=f"outage-{outage.period_id}-{outage.began_at.isoformat()}",
                began_at=outage.began_at,
                ended_at=outage.ended_at,
                cause=weighed_cause(OutageCause(outage.cause), began_at=outage.began_at, full=full),
            )
            for outage in stored
        ),
        *(OutageToMakeGood(f"outage-{pk}", *gap, cause="") for pk, gap in gaps.items() if pk not in explained),
    ]


class SittingHistory:
    """The pauses, saves and added time of some sittings, which decide how much time they lost in outages.

    Only saves within a stretch of time are read. Runs six queries.
    """

    def __init__(self, sittings: Collection[Sitting], within: Stretch) -> None:
        self.sittings = sittings
        rows = SittingExtension.objects.filter(sitting__in=sittings)
        self.given = set(rows.values_list("sitting_id", "key"))
        self.pauses = paused_times(sittings)
        self.saves = saves_in(sittings, within)
        self.of_holders = sittings_of_holders(sittings)


def paused_times(sittings: Collection[Sitting]) -> Stretches:
    """Return begin and end of every pause by sitting. A pause that goes on has its latest end."""
    ended_at = Coalesce("resumption__resumed_at", "ends_at")
    rows = SittingPause.objects.filter(sitting__in=sittings).values_list("sitting_id", "created_at", ended_at)
    pauses: Stretches = {}
    for sitting_id, begin, end in rows:
        pauses.setdefault(sitting_id, []).append((begin, end))
    return pauses


def saves_in(sittings: Collection[Sitting], within: Stretch) -> dict[str, list[datetime]]:
    """Return by sitting when we acknowledged what its learner sent: the last draft of each question, and every attempt."""
    drafts = SittingQuestion.objects.filter(sitting__in=sittings, saved_at__range=within)
    attempts = Attempt.objects.filter(sitting__in=sittings, received_at__range=within, by=Attempt.By.LEARNER)
    saves: dict[str, list[datetime]] = {}
    for rows, at in ((drafts, "saved_at"), (attempts, "received_at")):
        for sitting_id, saved_at in rows.order_by().values_list("sitting_id", at):
            saves.setdefault(sitting_id, []).append(saved_at)
    return saves


def sittings_of_holders(sittings: Collection[Sitting]) -> set[str]:
    """Return the ids of the sittings during which their learners held a full server."""
    held = FullHolder.objects.filter(
        person=OuterRef("learner"),
        period__until_at__gt=OuterRef("started_at"),
        period__from_at__lt=OuterRef("deadline_at"),
    )
    rows = Sitting.objects.filter(Exists(held), pk__in=[sitting.pk for sitting in sittings])
    return set(rows.values_list("pk", flat=True))


def sittings_given(key: str, course_id: int) -> set[str]:
    """Return the ids of the sittings that were given time under this key."""
    rows = SittingExtension.objects.filter(key=key, sitting__assessment__course_id=course_id)
    return set(rows.values_list("sitting_id", flat=True))


def with_sittings(outage: OutageToMakeGood, history: SittingHistory, now: datetime) -> OutageToMakeGood:
    """Return the outage with the sittings from which it took time that they have not been given."""
    lost, settled = [], []
    for sitting in history.sittings:
        seconds = seconds_lost(outage, sitting, history)
        if not seconds or (sitting.pk, outage.key) in history.given:
            continue
        if is_open(sitting.clock, now):
            lost.append(LostTime(sitting, seconds, sitting.pk in history.of_holders))
        elif sitting.ended_by != Sitting.Ending.LEARNER and sitting.pk not in history.of_holders:
            settled.append(sitting)
    return replace(outage, lost=tuple(lost), settled=tuple(settled))


def seconds_lost(outage: OutageToMakeGood, sitting: Sitting, history: SittingHistory) -> int:
    last = sitting.submitted_at or sitting.deadline_at
    assert last is not None
    lost = lost_time(
        outage=(outage.began_at, outage.ended_at),
        sitting=(sitting.started_at, last),
        pauses=history.pauses.get(sitting.pk, ()),
        saves=history.saves.get(sitting.pk, ()),
    )
    return lost // SECOND


def with_holders(outage: OutageToMakeGood, course_id: int) -> OutageToMakeGood:
    """Return the outage with those who held the server most. Names are only those of this course's learners."""
    if outage.is_offered:
        return outage
    rows = FullHolder.objects.filter(period__until_at__gt=outage.began_at, period__from_at__lt=outage.ended_at)
    holders = most_of(rows)
    names = learners_named(course_id, [holder["person"] for holder in holders if holder["person"] is not None])
    return replace(outage, holders=tuple(seen_holder(holder, names) for holder in holders))


def seen_holder(row: HolderRow, names: Mapping[int, str]) -> SeenHolder:
    numbers = {name: row[f"most_{name}"] for name in ("connections", "requests", "size")}
    is_person = row["person"] is not None
    return SeenHolder(
        is_person=is_person,
        name=names.get(row["person"], "") if is_person else "",
        address=row["address"],
        refused=row["all_refused"],
        **numbers,
    )


def most_of(rows: QuerySet[FullHolder]) -> list[HolderRow]:
    """Return holders of several periods and servers as one: the most that they held, and all that was refused."""
    most = {f"most_{name}": Max(name) for name in ("connections", "requests", "size")}
    joined = rows.order_by().values("kind", "address", "person").annotate(**most, all_refused=Sum("refused"))
    return list(
        joined.order_by("-most_connections", "-most_requests", "-all_refused", "address", "person")[:MOST_SHOWN]
    )
