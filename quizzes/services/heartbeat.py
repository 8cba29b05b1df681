"""Record heartbeats, whose gaps are outages with a cause, and hold the lease that elects one sweeper (D9, D20)."""

from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Q

from quizzes.models import Heartbeat, Lease, Outage
from quizzes.rules.heartbeats import (
    OURS,
    SWEEP_INTERVAL,
    DatabaseState,
    OutageCause,
    begins_period,
    is_outage,
    latest_lease,
)
from quizzes.rules.outages import SweeperReport, is_disputed, outages_in

HEARTBEAT = "heartbeat"  # salt of the signature with which a sweeper asks a web server for a heartbeat
# What others' requests can cause: PostgreSQL's codes (too many connections, a lock, a statement or a transaction that took
# too long, a deadlock) and the beginning of SQLite's; and words, where an error has no code.
BUSY_CODES = ("53300", "55P03", "57014", "25P03", "40001", "40P01", "SQLITE_BUSY", "SQLITE_LOCKED")
BUSY_WORDS = ("database is locked", "too many clients", "connection slots")


@transaction.atomic
def beat(*, now: datetime, report: SweeperReport | None = None, serving_since: datetime | None = None) -> Heartbeat:
    """Record that pages were served at `now`: extend the current period of service, or start one after an outage.

    `report` is what the sweeper saw that asked, and `serving_since` when this web process began to serve. From both
    follows the cause of an outage. A sweeper of the last release reports nothing, and the cause stays unknown.
    """
    # One heartbeat at a time, from any web server. Otherwise two servers could each start a period after an outage.
    Lease.objects.get_or_create(name="heartbeat", defaults={"until": now})
    Lease.objects.select_for_update().get(name="heartbeat")
    # A period that a wrong clock began in the future says nothing about now, even when its time has come.
    begun = Heartbeat.objects.filter(started_at__lte=now + SWEEP_INTERVAL)
    newest = begun.order_by("-started_at", "-beat_at").first()
    if report is not None:
        dispute_outages(report)
    if newest is None or begins_period(last_beat_at=newest.beat_at, now=now):
        period = Heartbeat.objects.create(started_at=now, beat_at=now)
        if newest is not None and report is not None:
            record_outages(newest, period, report, serving_since or report.asking_since)
        return period
    newest.beat_at = max(now, newest.beat_at)
    newest.save(update_fields=["beat_at"])
    return newest


def record_outages(before: Heartbeat, period: Heartbeat, report: SweeperReport, serving_since: datetime) -> None:
    """Record the outages between two periods of service, with their causes."""
    began_at, ended_at = before.beat_at, period.started_at
    if is_outage(last_beat_at=began_at, next_beat_at=ended_at):
        outages = outages_in(began_at=began_at, ended_at=ended_at, report=report, serving_since=serving_since)
        Outage.objects.bulk_create(Outage(period=period, **outage._asdict()) for outage in outages)


def dispute_outages(report: SweeperReport) -> None:
    """Take back that only we can have caused an outage, if another sweeper saw something else (D20)."""
    if not report.seen:
        return
    first, last = min(sighting.began_at for sighting in report.seen), max(sighting.ended_at for sighting in report.seen)
    for outage in Outage.objects.filter(ended_at__gt=first, began_at__lt=last, cause__in=OURS):
        if is_disputed(outage.stretch, report):
            outage.cause = OutageCause.REFUSED_FULL
            outage.save(update_fields=["cause"])


def probe_database(*, now: datetime) -> DatabaseState:
    """Write a row over a new connection, and tell whether the database takes it."""
    try:
        Lease.objects.update_or_create(name="probe", defaults={"until": now})
    except (DatabaseError, InterfaceError) as error:
        return database_state(error)
    finally:
        if not connection.in_atomic_block:
            connection.close()
    return DatabaseState.WORKS


def database_state(error: Exception) -> DatabaseState:
    """Return what an error of the database tells of its state."""
    cause = error.__cause__
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None) or ""
    is_busy = code.startswith(BUSY_CODES) or any(words in str(error) for words in BUSY_WORDS)
    return DatabaseState.BUSY if is_busy else DatabaseState.AWAY


def hold_lease(*, name: str, holder: str, length: timedelta, now: datetime) -> bool:
    """Take or keep the lease `name` until `now + length`. Return False if another holder's lease is still valid.

    A lease that ends later than any can was written while a clock was wrong, and is not valid.
    """
    Lease.objects.get_or_create(name=name, defaults={"until": now})
    is_free = Q(until__lte=now) | Q(until__gt=latest_lease(length=length, now=now))
    mine_or_free = Lease.objects.filter(Q(holder=holder) | is_free, name=name)
    return mine_or_free.update(holder=holder, until=now + length) == 1
