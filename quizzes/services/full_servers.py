"""Record who held a web server while it was full of requests (D20). Addresses are personal data: deleted after 90 days."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from accounts.selectors import lock_accounts
from quizzes.models import FullHolder, FullPeriod
from quizzes.rules.full_servers import Holder, HolderKind

KEPT = timedelta(days=90)


@transaction.atomic
def record_full(*, from_at: datetime, until_at: datetime, holders: Collection[Holder], now: datetime) -> FullPeriod:
    """Record that a web server was full from when until when, and who held it.

    A server tells of the same time again, `from_at` being the same, until it is over: the largest numbers are kept. So any
    number of sweepers may report it in any order. A time that a wrong clock put into the future ends at `now`.
    """
    until_at = max(min(until_at, now), from_at + timedelta(microseconds=1))
    period, is_new = FullPeriod.objects.get_or_create(from_at=from_at, defaults={"until_at": until_at})
    if not is_new:
        period = FullPeriod.objects.select_for_update().get(pk=period.pk)
        period.until_at = max(period.until_at, until_at)
        period.save(update_fields=["until_at"])
    known = lock_accounts([holder.person_id for holder in holders if holder.person_id is not None])
    for holder in holders:
        if holder.kind is HolderKind.ADDRESS or holder.person_id in known:
            keep_holder(period, holder)
    return period


def keep_holder(period: FullPeriod, holder: Holder) -> None:
    """Store a holder of a period, or the larger numbers of one that is stored."""
    is_person = holder.kind is HolderKind.PERSON
    named = {"person_id": holder.person_id} if is_person else {"address": holder.address}
    stored = FullHolder.objects.filter(period=period, kind=holder.kind, **named).first()
    numbers = {name: getattr(holder, name) for name in ("connections", "requests", "size", "refused")}
    if stored is None:
        who = {"address": holder.address, "person_id": holder.person_id}
        FullHolder.objects.create(period=period, kind=holder.kind, **who, **numbers)
        return
    for name, number in numbers.items():
        setattr(stored, name, max(getattr(stored, name), number))
    stored.address = holder.address or stored.address
    stored.save(update_fields=[*numbers, "address"])


def forget_full(*, now: datetime) -> int:
    """Delete who held a server longer than 90 days ago. Return how many rows went."""
    return FullPeriod.objects.filter(until_at__lte=now - KEPT).delete()[0]
