"""Which part of a gap between two heartbeats is an outage of ours, and how much time a learner lost in it (D20)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from quizzes.rules.heartbeats import LONGEST_GAP, OURS, SWEEP_INTERVAL, OutageCause, SeenCause

NOTHING, SECOND = timedelta(), timedelta(seconds=1)
USUAL_WAIT = SWEEP_INTERVAL + SECOND  # between two requests for a heartbeat, with the answer
MOST_SIGHTINGS = 60  # in one report; older ones are left out, as if that time had not been seen

type Stretch = tuple[datetime, datetime]


class Sighting(NamedTuple):
    """What a sweeper saw in a stretch of time without a heartbeat."""

    began_at: datetime
    ended_at: datetime
    seen: SeenCause


class CausedOutage(NamedTuple):
    """A stretch of a gap, and its cause."""

    began_at: datetime
    ended_at: datetime
    cause: OutageCause

    @property
    def length(self) -> timedelta:
        return self.ended_at - self.began_at


class SweeperReport(NamedTuple):
    """What a sweeper says when it asks for a heartbeat: since when it has been asking, and what it saw since the last one."""

    asking_since: datetime
    seen: tuple[Sighting, ...] = ()


def report_body(report: SweeperReport) -> dict[str, object]:
    """Return a report as JSON, which the sweeper signs and sends."""
    seen = [[one.isoformat(), two.isoformat(), seen.value] for one, two, seen in report.seen[-MOST_SIGHTINGS:]]
    return {"asking_since": report.asking_since.isoformat(), "seen": seen}


def report_in(body: object) -> SweeperReport | None:
    """Return the report that a sweeper sent, or None for the word that one of the last release sends."""
    try:
        seen = [
            Sighting(datetime.fromisoformat(one), datetime.fromisoformat(two), SeenCause(seen))
            for one, two, seen in body["seen"]  # type: ignore[index]
        ]
        return SweeperReport(datetime.fromisoformat(body["asking_since"]), tuple(seen))  # type: ignore[index]
    except (KeyError, TypeError, ValueError):
        return None


def outages_in(
    *, began_at: datetime, ended_at: datetime, report: SweeperReport, serving_since: datetime
) -> list[CausedOutage]:
    """Return the outages in a gap between two heartbeats, with their causes.

    A stretch that only we can have caused is a separate outage if it is long enough for one. The rest of the gap is
    REFUSED_FULL, also where no sweeper looked, so that people who may have caused an outage do not gain from it.
    `serving_since` is when the web process that answered began to serve.
    """
    runs = joined_runs(seen_in(began_at, ended_at, report, serving_since))
    ours = [run for run in runs if run.cause in OURS and run.length > LONGEST_GAP]
    if not ours:
        return [CausedOutage(began_at, ended_at, OutageCause.REFUSED_FULL)]
    ends = [began_at, *(run.ended_at for run in ours)]
    begins = [*(run.began_at for run in ours), ended_at]
    others = [
        CausedOutage(one, two, OutageCause.REFUSED_FULL)
        for one, two in zip(ends, begins, strict=True)
        if two - one > LONGEST_GAP
    ]
    return sorted([*ours, *others])


def seen_in(began_at: datetime, ended_at: datetime, report: SweeperReport, serving_since: datetime) -> list[Sighting]:
    """Return what is known of a gap, in order and without a hole.

    If the sweeper and the web process both began in the gap, the installation was down before. Up to USUAL_WAIT
    before and after what the sweeper saw counts as what it saw, because it waits between two requests.
    """
    seen = [
        Sighting(max(sighting.began_at, began_at), min(sighting.ended_at, ended_at), sighting.seen)
        for sighting in sorted(report.seen)
        if sighting.began_at < ended_at and sighting.ended_at > began_at
    ]
    if report.asking_since > began_at and serving_since > began_at:
        back_at = min(serving_since, ended_at, *(sighting.began_at for sighting in seen))
        seen.insert(0, Sighting(began_at, back_at, SeenCause.PROCESS_DEAD))
    return without_holes(began_at, ended_at, seen)


def without_holes(began_at: datetime, ended_at: datetime, seen: Sequence[Sighting]) -> list[Sighting]:
    """Add the usual waiting time to the sightings beside it, and REFUSED_FULL to longer holes between them."""
    whole: list[Sighting] = []
    reached = began_at
    for sighting in [*seen, Sighting(ended_at, ended_at, SeenCause.REFUSED_FULL)]:
        hole, begins_at = sighting.began_at - reached, sighting.began_at
        if hole > USUAL_WAIT or (hole and not seen):
            whole.append(Sighting(reached, sighting.began_at, SeenCause.REFUSED_FULL))
        elif whole:
            whole[-1] = whole[-1]._replace(ended_at=sighting.began_at)
        else:
            begins_at = reached
        if sighting.ended_at > begins_at:
            whole.append(sighting._replace(began_at=begins_at))
        reached = sighting.ended_at
    return whole


def joined_runs(seen: Sequence[Sighting]) -> list[CausedOutage]:
    """Join neighbors that only we can have caused, and neighbors of which that is not certain.

    The cause of a stretch is what it consists of for the longest time.
    """
    parts = [
        CausedOutage(sighting.began_at, sighting.ended_at, cause_at(seen, index)) for index, sighting in enumerate(seen)
    ]
    runs: list[list[CausedOutage]] = []
    for part in parts:
        if runs and (runs[-1][-1].cause in OURS) is (part.cause in OURS):
            runs[-1].append(part)
        else:
            runs.append([part])
    return [CausedOutage(run[0].began_at, run[-1].ended_at, longest_cause(run)) for run in runs]


def cause_at(seen: Sequence[Sighting], index: int) -> OutageCause:
    """Return the cause of one sighting; of a closed connection by what was seen beside it."""
    if seen[index].seen is not SeenCause.CLOSED:
        return OutageCause(seen[index].seen)
    certain = [sighting.seen for sighting in seen[:index][::-1] if sighting.seen is not SeenCause.CLOSED][:1]
    certain += [sighting.seen for sighting in seen[index:] if sighting.seen is not SeenCause.CLOSED][:1]
    return OutageCause.PROCESS_DEAD if SeenCause.PROCESS_DEAD in certain else OutageCause.REFUSED_FULL


def longest_cause(run: Sequence[CausedOutage]) -> OutageCause:
    lengths: dict[OutageCause, timedelta] = {}
    for part in run:
        lengths[part.cause] = lengths.get(part.cause, timedelta()) + part.length
    return max(lengths, key=lambda cause: lengths[cause])


def is_disputed(outage: CausedOutage, report: SweeperReport) -> bool:
    """Tell whether another sweeper saw something that others can have caused, for longer than between two heartbeats."""
    of_others = [
        (sighting.began_at, sighting.ended_at)
        for sighting in report.seen
        if sighting.seen in (SeenCause.REFUSED_FULL, SeenCause.CLOSED)
    ]
    return time_within((outage.began_at, outage.ended_at), of_others) > SWEEP_INTERVAL


def weighed_cause(cause: OutageCause, *, began_at: datetime, full: Iterable[tuple[datetime, datetime]]) -> OutageCause:
    """Return the cause of an outage, given when servers were full of requests: from when until when.

    A process that dies while others' requests fill it may have died of them. A server that is full only later is full of
    learners who come back.
    """
    is_full = any(one <= began_at + SWEEP_INTERVAL and two >= began_at - SWEEP_INTERVAL for one, two in full)
    return OutageCause.REFUSED_FULL if is_full else cause


def lost_time(
    *, outage: Stretch, sitting: Stretch, pauses: Iterable[Stretch] = (), saves: Iterable[datetime] = ()
) -> timedelta:
    """Return how much of a sitting's time an outage took, in whole seconds, rounded up.

    A save that we acknowledged shows that the outage had not begun for this learner, or was over. So what counts is the
    longest stretch of the outage without one, less the time for which the clock was stopped.
    """
    began_at, ended_at = max(outage[0], sitting[0]), min(outage[1], sitting[1])
    if began_at >= ended_at:
        return NOTHING
    marks = [began_at, *sorted(at for at in saves if began_at < at < ended_at), ended_at]
    standing = list(pauses)
    longest = max(two - one - time_within((one, two), standing) for one, two in pairwise(marks))
    return -(-longest // SECOND) * SECOND


def time_within(stretch: Stretch, others: Iterable[Stretch]) -> timedelta:
    """Return how much of a stretch is inside others, which do not overlap."""
    return sum((max(min(stretch[1], two) - max(stretch[0], one), NOTHING) for one, two in others), NOTHING)


def joined_stretches(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return stretches in order, with those joined between which there is no more than LONGEST_GAP."""
    joined: list[Stretch] = []
    for one, two in sorted(stretches):
        if joined and one - joined[-1][1] <= LONGEST_GAP:
            joined[-1] = (joined[-1][0], max(joined[-1][1], two))
        else:
            joined.append((one, two))
    return joined
