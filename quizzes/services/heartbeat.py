"""Record heartbeats, whose gaps are outages, and hold the lease that elects one sweeper (D9, D20)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from quizzes.models import Heartbeat, Lease
from quizzes.rules.heartbeats import SWEEP_INTERVAL, begins_period, latest_lease

HEARTBEAT = "heartbeat"  # salt and text of the signature with which a sweeper asks a web server for a heartbeat


@transaction.atomic
def beat(*, now: datetime) -> Heartbeat:
    """Record that pages were served at `now`: extend the current period of service, or start one after an outage."""
    # One heartbeat at a time, from any web server. Otherwise two servers could each start a period after an outage.
    Lease.objects.get_or_create(name="heartbeat", defaults={"until": now})
    Lease.objects.select_for_update().get(name="heartbeat")
    # A period that a wrong clock began in the future says nothing about now, even when its time has come.
    begun = Heartbeat.objects.filter(started_at__lte=now + SWEEP_INTERVAL)
    newest = begun.order_by("-started_at", "-beat_at").first()
    if newest is None or begins_period(last_beat_at=newest.beat_at, now=now):
        return Heartbeat.objects.create(started_at=now, beat_at=now)
    newest.beat_at = max(now, newest.beat_at)
    newest.save(update_fields=["beat_at"])
    return newest


def hold_lease(*, name: str, holder: str, length: timedelta, now: datetime) -> bool:
    """Take or keep the lease `name` until `now + length`. Return False if another holder's lease is still valid.

    A lease that ends later than any can was written while a clock was wrong, and is not valid.
    """
    Lease.objects.get_or_create(name=name, defaults={"until": now})
    is_free = Q(until__lte=now) | Q(until__gt=latest_lease(length=length, now=now))
    mine_or_free = Lease.objects.filter(Q(holder=holder) | is_free, name=name)
    return mine_or_free.update(holder=holder, until=now + length) == 1
