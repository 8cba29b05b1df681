"""Record heartbeats, whose gaps are outages, and hold the lease that elects one sweeper (D9, D20)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from quizzes.models import Heartbeat, Lease
from quizzes.rules.heartbeats import is_outage

HEARTBEAT = "heartbeat"  # salt and text of the signature with which a sweeper asks a web server for a heartbeat


@transaction.atomic
def beat(*, now: datetime) -> Heartbeat:
    """Record that pages were served at `now`: extend the current period of service, or start one after an outage."""
    # One heartbeat at a time, from any web server. Otherwise two servers could each start a period after an outage.
    Lease.objects.get_or_create(name="heartbeat", defaults={"until": now})
    Lease.objects.select_for_update().get(name="heartbeat")
    newest = Heartbeat.objects.order_by("-beat_at").first()
    if newest is None or is_outage(last_beat_at=newest.beat_at, next_beat_at=now):
        return Heartbeat.objects.create(started_at=now, beat_at=now)
    newest.beat_at = max(now, newest.beat_at)
    newest.save(update_fields=["beat_at"])
    return newest


def hold_lease(*, name: str, holder: str, length: timedelta, now: datetime) -> bool:
    """Take or keep the lease `name` until `now + length`. Return False if another holder's lease is still valid."""
    Lease.objects.get_or_create(name=name, defaults={"until": now})
    mine_or_free = Lease.objects.filter(Q(holder=holder) | Q(until__lte=now), name=name)
    return mine_or_free.update(holder=holder, until=now + length) == 1
