"""How much each attempt of a sitting counts after the due date, and what a learner is told of it (D34)."""

from dataclasses import dataclass
from datetime import datetime

from grading.rules.lateness import WHOLE, LateTerms


@dataclass(frozen=True)
class Lateness:
    """The late terms of a sitting, or none. `started_at` is set for an exam, which counts as a whole by its Start."""

    terms: LateTerms | None = None
    started_at: datetime | None = None

    def percent_at(self, received_at: datetime) -> int:
        """Return how many percent of its points an attempt received at an instant counts."""
        return WHOLE if self.terms is None else self.terms.percent_at(self.started_at or received_at)

    def days_late(self, received_at: datetime) -> int:
        """Return how many days late such an attempt is."""
        return 0 if self.terms is None else self.terms.days_late(self.started_at or received_at)

    @property
    def percent_left(self) -> int:
        """Return how many percent of its points a question that is still open can count.

        For review questions that depends on when the learner answers, so this is what it would have counted in time.
        """
        return self.percent_at(self.started_at) if self.started_at is not None else WHOLE


IN_TIME = Lateness()


@dataclass(frozen=True)
class LateShare:
    """What a learner is told before they answer: `percent` of the points count now.

    `falls_at` is the last instant at which that is so, or None if it stays so. `is_fixed`: the exam has begun.
    """

    terms: LateTerms
    percent: int
    days_late: int
    falls_at: datetime | None
    is_fixed: bool = False

    @property
    def deduction(self) -> int:
        """Return how many percent of the points are lost now."""
        return WHOLE - self.percent


def late_share(lateness: Lateness, now: datetime, closes_at: datetime | None = None) -> LateShare | None:
    """Return what to tell a learner at `now`, or None without a late policy.

    Nothing can be answered from `closes_at` on: return None if that leaves no late answer, and tell of no fall after it.
    """
    terms = lateness.terms
    if terms is None:
        return None
    percent, is_fixed = lateness.percent_at(now), lateness.started_at is not None
    if percent == WHOLE and closes_at is not None and closes_at <= terms.late_from:
        return None
    falls_at = None if is_fixed else terms.falls_at(now)
    if falls_at is not None and closes_at is not None and closes_at <= falls_at:
        falls_at = None
    return LateShare(terms, percent, lateness.days_late(now), falls_at, is_fixed)
