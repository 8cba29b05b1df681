"""How much of its points an answer counts after the due date: less for each day, in whole percent (D34).

Only stored instants decide: when the answer was received, and when it was due.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypedDict

DAY = timedelta(hours=24)
WHOLE = 100  # percent


class StoredTerms(TypedDict):
    """Late terms as JSON, with the due date as text."""

    due_at: str
    percent_per_day: int
    grace_minutes: int
    lowest_percent: int


@dataclass(frozen=True)
class LateTerms:
    """The late policy of an activity that is due.

    From `late_from` on, an answer counts `percent_per_day` percent of its points less for each 24 hours that have begun,
    but never less than `lowest_percent` percent.
    """

    due_at: datetime
    percent_per_day: int
    grace_minutes: int = 0
    lowest_percent: int = 0

    @property
    def late_from(self) -> datetime:
        """Return the end of the grace period. An answer received at that instant is still in time."""
        return self.due_at + timedelta(minutes=self.grace_minutes)

    def days_late(self, at: datetime) -> int:
        """Return how many days late have begun at an instant."""
        return max(0, -((self.late_from - at) // DAY))

    def percent_at(self, at: datetime) -> int:
        """Return how many percent of its points an answer received at an instant counts."""
        return max(self.lowest_percent, WHOLE - self.percent_per_day * self.days_late(at))

    def falls_at(self, at: datetime) -> datetime | None:
        """Return the last instant at which an answer counts as much as at `at`, or None if it never counts less."""
        if self.percent_at(at) == self.lowest_percent:
            return None
        return self.late_from + DAY * self.days_late(at)

    def due(self, due_at: datetime) -> "LateTerms":
        """Return the terms for a learner with another due date (D22, D39)."""
        return self if due_at == self.due_at else replace(self, due_at=due_at)

    def stored(self) -> StoredTerms:
        """Return the terms as JSON. The inverse of `terms_from`."""
        return StoredTerms(
            due_at=self.due_at.astimezone(UTC).isoformat(),
            percent_per_day=self.percent_per_day,
            grace_minutes=self.grace_minutes,
            lowest_percent=self.lowest_percent,
        )


def terms_from(stored: StoredTerms | None) -> LateTerms | None:
    """Return stored terms, or None."""
    if not stored:
        return None
    return LateTerms(
        datetime.fromisoformat(stored["due_at"]),
        stored["percent_per_day"],
        stored["grace_minutes"],
        stored["lowest_percent"],
    )


def terms_when_due(policy: Mapping[str, int], due_at: datetime | None) -> LateTerms | None:
    """Return the terms of a late policy as an assessment stores it, or None without a policy or a due date."""
    return LateTerms(due_at, **policy) if policy and due_at is not None else None


def share_of(points: Decimal, percent: int) -> Decimal:
    """Return this percentage of points, exactly."""
    return points if percent == WHOLE else points * percent / WHOLE
