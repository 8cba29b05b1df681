"""The times of a sitting (D5, D6, D9, D32). The server decides, by three instants around one deadline.

`now` is the time of `foundation.clock` when the request arrived. A page only counts down what the server said
(`static/js/clock.js`). `accepts` decides. `refuse_unless_accepting` in `quizzes/services/asked_questions.py` refuses a late
response, and `quizzes/services/handing_in.py` a late hand-in.

Pages show that time is up at `deadline_at`. Until `deadline_at + NETWORK_GRACE`, a response that was on its way is
accepted. At `deadline_at + SETTLEMENT`, drafts are graded and keys may be shown. A request times out in less than the 25
seconds between grace and settlement, so an accepted response cannot arrive after settlement.

While a sitting is paused, its deadline moves on with the time, so the time left stays the same. A pause ends when
somebody resumes, or at its latest end. The clock then continues, whether or not that was recorded.

The sitting of an exam without a time limit ends when the exam closes for its learner. Until then its deadline is that
closing time, or NO_END if there is none, so everything here and every index works as for any other exam (D36).
"""

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

NETWORK_GRACE = timedelta(seconds=5)
SETTLEMENT = timedelta(seconds=30)
TICK = timedelta(microseconds=1)
LONGEST_PAUSE = 168  # hours, a week
NO_END = datetime(9999, 1, 1, tzinfo=UTC)  # stored as a deadline, and never shown


@dataclass(frozen=True)
class SittingClock:
    """The stored instants of a sitting. A review's has no deadline. `is_untimed`: its exam has no time limit.

    `paused_at` is the beginning of a pause that is not recorded as ended, and `latest_deadline_at` the deadline if the pause
    lasts to its latest end. Only a sitting with time left is paused.
    """

    started_at: datetime
    deadline_at: datetime | None
    submitted_at: datetime | None
    paused_at: datetime | None = None
    latest_deadline_at: datetime | None = None
    is_untimed: bool = False


CLOCK_FIELDS = tuple(field.name for field in fields(SittingClock))  # a stored sitting has the same names


def deadline(
    *,
    started_at: datetime,
    limit: timedelta | None,
    multiplier: Decimal,
    closes_at: datetime | None,
) -> datetime:
    """Return the deadline to store at Start of an exam: min(start + limit × multiplier, closing).

    Without a time limit it is the closing, or NO_END if the exam never closes.
    """
    if limit is None:
        return end_at_closing(closes_at)
    return min(started_at + stretched(limit, multiplier), end_at_closing(closes_at))


def end_at_closing(closes_at: datetime | None) -> datetime:
    """Return the end of an exam without a time limit: its closing time, at most NO_END, or NO_END without one."""
    return NO_END if closes_at is None else min(closes_at, NO_END)


def stretched(limit: timedelta, multiplier: Decimal) -> timedelta:
    """Return `limit` times an accommodation's multiplier: exact, rounded up to the microsecond."""
    ticks = Fraction(limit // timedelta(microseconds=1)) * Fraction(multiplier)
    return timedelta(microseconds=-(-ticks // 1))


@dataclass(frozen=True)
class ClosingCut:
    """How the closing of an exam shortens a learner's time. A learner who starts after `full_until` gets less time.

    `is_always`: every learner who starts from now on gets less time.
    """

    full_until: datetime
    is_always: bool


def closing_cut(
    limit: timedelta, *, opens_at: datetime | None, closes_at: datetime | None, now: datetime
) -> ClosingCut | None:
    """Return what the closing cuts from a learner's `limit`, or None if the exam does not close or has closed."""
    if closes_at is None or closes_at <= now:
        return None
    full_until = closes_at - limit
    return ClosingCut(full_until, is_always=full_until < max(now, opens_at or now))


def pause_ends_at(clock: SittingClock) -> datetime | None:
    """Return the latest end of a pause, at which the clock continues in any case, or None without a pause."""
    if clock.paused_at is None or clock.deadline_at is None or clock.latest_deadline_at is None:
        return None
    return clock.paused_at + (clock.latest_deadline_at - clock.deadline_at)


def is_paused(clock: SittingClock, now: datetime) -> bool:
    """Return whether the clock is stopped at `now`. A pause does not affect responses that were received before it."""
    ends_at = pause_ends_at(clock)
    return clock.paused_at is not None and ends_at is not None and clock.paused_at <= now < ends_at


def deadline_as_of(clock: SittingClock, now: datetime) -> datetime | None:
    """Return the deadline that counts at `now`: the stored one, and the time of a pause so far. It never moves earlier.

    None if only handing in ends the sitting.
    """
    if clock.deadline_at == NO_END:
        return None
    if clock.deadline_at is None or clock.paused_at is None or clock.latest_deadline_at is None:
        return clock.deadline_at
    paused_for = max(now - clock.paused_at, timedelta())
    return min(clock.deadline_at + paused_for, clock.latest_deadline_at)


def deadline_after_closing(clock: SittingClock, *, closes_at: datetime | None, used_until: datetime) -> datetime | None:
    """Return the later deadline of an untimed sitting whose exam now closes at `closes_at`, or None if it stays (D36).

    The first closing of an exam that had none ends its sittings, but not before `used_until`, the last instant at which
    the learner saved or checked something. Afterwards the deadline only moves later, as any other: only with the closing.
    """
    if clock.deadline_at is None or not clock.is_untimed:
        return None
    ends_at = end_at_closing(closes_at)
    if clock.deadline_at == NO_END and ends_at < NO_END:
        return max(ends_at, used_until, clock.started_at + TICK)
    return ends_at if ends_at > clock.deadline_at else None


def accepts_until(deadline_at: datetime) -> datetime:
    """Return the last instant at which something that was on its way is accepted."""
    return deadline_at + NETWORK_GRACE


def settles_at(deadline_at: datetime) -> datetime:
    """Return the instant from which drafts are graded and keys shown."""
    return deadline_at + SETTLEMENT


def accepts(clock: SittingClock, received_at: datetime) -> bool:
    """Return whether a response, draft or flag received at that time is in time. The last instant is included."""
    if clock.submitted_at is not None:
        return False
    ends_at = deadline_as_of(clock, received_at)
    return ends_at is None or received_at <= accepts_until(ends_at)


def is_in_grace(clock: SittingClock, received_at: datetime) -> bool:
    """Return whether a response was accepted after the deadline. The attempt stores this; only instructors see it."""
    return accepts(clock, received_at) and is_time_up(clock, received_at)


def is_time_up(clock: SittingClock, now: datetime) -> bool:
    """Return whether the deadline itself has passed, as pages and countdowns show."""
    ends_at = deadline_as_of(clock, now)
    return ends_at is not None and ends_at <= now


def is_over(clock: SittingClock, now: datetime) -> bool:
    """Return whether the learner has handed in, or it is too late for any response."""
    return not accepts(clock, now)


def is_settled(clock: SittingClock, now: datetime) -> bool:
    """Return whether the sitting is settled: drafts are graded, keys may be shown, and its time cannot be extended."""
    if clock.submitted_at is not None:
        return True
    ends_at = deadline_as_of(clock, now)
    return ends_at is not None and settles_at(ends_at) <= now


def is_open(clock: SittingClock, now: datetime) -> bool:
    """Return whether a sitting is open: it has a deadline and is not settled. It delays the certificate (D19)."""
    return clock.deadline_at is not None and not is_settled(clock, now)


def minutes_of(seconds: int) -> int:
    """Return seconds in minutes, rounded up."""
    return -(-seconds // 60)
