"""The house's own pulse, and the lease by which one sweeper is elected (D9, D20)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from quizzes.models import Heartbeat, Lease

LONGEST_PULSE = timedelta(seconds=30)


@transaction.atomic
def beat(*, now: datetime) -> Heartbeat:
    """Say "alive at `now`": prolong the running stretch, or begin one after a gap, which is an outage of ours."""
    newest = Heartbeat.objects.select_for_update().order_by("-beat_at").first()
    if newest is None or now - newest.beat_at > LONGEST_PULSE:
        return Heartbeat.objects.create(started_at=now, beat_at=now)
    newest.beat_at = max(now, newest.beat_at)
    newest.save(update_fields=["beat_at"])
    return newest


def hold_lease(*, name: str, holder: str, length: timedelta, now: datetime) -> bool:
    """Take or keep the lease `name` until `now + length`; False while another holder's runs."""
    Lease.objects.get_or_create(name=name, defaults={"until": now})
    mine_or_free = Lease.objects.filter(Q(holder=holder) | Q(until__lte=now), name=name)
    return mine_or_free.update(holder=holder, until=now + length) == 1
