"""The state of the sweeper, and the work that waits for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min

from quizzes.models import Lease, Sitting
from quizzes.rules.heartbeats import SWEEPER_LEASE, is_sweeping


@dataclass(frozen=True)
class SweeperState:
    """`age` is the seconds since a sweeper last started a sweep, None before the first."""

    age: float | None
    running: int
    due: int

    @property
    def has_sweeper(self) -> bool:
        return is_sweeping(None if self.age is None else timedelta(seconds=self.age))


def oldest_due(now: datetime) -> datetime | None:
    """Return the earliest deadline of the sittings that wait for the sweeper."""
    deadline: datetime | None = Sitting.objects.due_at(now).aggregate(Min("deadline_at"))["deadline_at__min"]
    return deadline


def sweeper_state(now: datetime) -> SweeperState:
    """Return the state of the sweeper. Runs three queries."""
    lease = Lease.objects.filter(name="sweeper").first()
    return SweeperState(
        age=(now - lease.until + SWEEPER_LEASE).total_seconds() if lease else None,
        running=Sitting.objects.with_time_left(now).count(),
        due=Sitting.objects.due_at(now).count(),
    )
