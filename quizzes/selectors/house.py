"""How the house itself is: its pulse, and what waits to be settled."""

from dataclasses import dataclass
from datetime import datetime

from quizzes.models import Heartbeat, Sitting
from quizzes.rules.timing import SETTLEMENT


@dataclass(frozen=True)
class Pulse:
    """`age` is the seconds since the sweeper's last beat, None before the first."""

    age: float | None
    running: int
    due: int


def pulse(now: datetime) -> Pulse:
    """Three statements."""
    newest = Heartbeat.objects.order_by("-beat_at").first()
    unsettled = Sitting.objects.filter(settled_at=None, deadline_at__isnull=False, is_void=False)
    return Pulse(
        age=(now - newest.beat_at).total_seconds() if newest else None,
        running=unsettled.filter(submitted_at=None, deadline_at__gt=now).count(),
        due=unsettled.filter(deadline_at__lte=now - SETTLEMENT).count(),
    )
