"""Who owns time in a sitting (D5, D6, D9): the server, by three instants around one deadline.

`deadline_at` is when pages say that time is up, `+ NETWORK_GRACE` the last instant at which
something that was on its way is accepted, `+ SETTLEMENT` when drafts are graded and keys shown.
Requests time out between the last two, so nothing accepted can arrive after settlement.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

NETWORK_GRACE = timedelta(seconds=5)
SETTLEMENT = timedelta(seconds=30)


@dataclass(frozen=True)
class Clock:
    """The stored instants of a sitting; a review's has no deadline."""

    started_at: datetime
    deadline_at: datetime | None
    submitted_at: datetime | None


def deadline(
    *,
    started_at: datetime,
    limit: timedelta | None,
    multiplier: Decimal,
    closes_at: datetime | None,
) -> datetime | None:
    """The instant to store at Start: min(start + limit x multiplier, closing), or None.

    Without a time limit there is no deadline: what closes then only stops new responses.
    """
    if limit is None:
        return None
    ends_at = started_at + stretched(limit, multiplier)
    return ends_at if closes_at is None else min(ends_at, closes_at)


def stretched(limit: timedelta, multiplier: Decimal) -> timedelta:
    """`limit` times an accommodation's multiplier, exact, rounded up to the microsecond."""
    ticks = Fraction(limit // timedelta(microseconds=1)) * Fraction(multiplier)
    return timedelta(microseconds=-(-ticks // 1))


def accepts(clock: Clock, received_at: datetime) -> bool:
    """May a response, a draft or a flag received then still count? The only closed comparison."""
    if clock.submitted_at is not None:
        return False
    return clock.deadline_at is None or received_at <= clock.deadline_at + NETWORK_GRACE


def is_in_grace(clock: Clock, received_at: datetime) -> bool:
    """Accepted although the deadline had passed: flagged on the row, shown to nobody."""
    return accepts(clock, received_at) and is_time_up(clock, received_at)


def is_time_up(clock: Clock, now: datetime) -> bool:
    """What pages and countdowns say, from the deadline itself."""
    return clock.deadline_at is not None and clock.deadline_at <= now


def is_over(clock: Clock, now: datetime) -> bool:
    """Ended by its learner, or past the last instant at which anything is accepted."""
    return not accepts(clock, now)


def is_settled(clock: Clock, now: datetime) -> bool:
    """Nothing can count any more: drafts are graded, keys may be shown, no time can be added."""
    if clock.submitted_at is not None:
        return True
    return clock.deadline_at is not None and clock.deadline_at + SETTLEMENT <= now


def is_open(clock: Clock, now: datetime) -> bool:
    """An open sitting has a deadline and is not settled; it holds back the certificate (D19)."""
    return clock.deadline_at is not None and not is_settled(clock, now)
