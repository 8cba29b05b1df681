"""The parts of an installation, and whether each of them works."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from smtplib import SMTPException
from tempfile import TemporaryFile
from time import monotonic
from typing import TYPE_CHECKING, Literal, cast

from django.conf import settings
from django.core.mail import mailers
from django.db import DatabaseError, InterfaceError, connection
from kombu.exceptions import KombuError

from foundation.clock import clock_step
from foundation.fast.lazy import lazily
from labs.queue import try_broker
from labs.selectors import LabWorkload, lab_workload
from quizzes.selectors import SweeperState, sweeper_state

if TYPE_CHECKING:
    import redis
    from django.core.mail.backends.smtp import EmailBackend
else:
    redis = lazily("redis")

MAIL_PATIENCE = 2  # seconds for the mail server to answer
MAIL_PAUSE = 20.0  # seconds before the mail server is asked again
MOST_DRIFT = 2.0  # seconds between two clocks; an answer counts until 5 s after its deadline

type TimeSource = Callable[[], datetime]
type PartState = Literal["works", "fault", "unknown", "not used"]


@dataclass(frozen=True)
class ServicePart:
    """A part of the installation. `says` is what an operator should know about its state."""

    name: str
    state: PartState
    says: str = ""


@dataclass(frozen=True)
class Readiness:
    """Every part, with the states of sweeper and labs if the database answers."""

    parts: list[ServicePart]
    sweeper: SweeperState | None
    labs: LabWorkload | None

    @property
    def is_ready(self) -> bool:
        return all(part.state != "fault" for part in self.parts)


def readiness(now: datetime, clock: TimeSource) -> Readiness:
    """Try every part. Takes a few milliseconds, or a few seconds while a part does not answer."""
    sweeper: SweeperState | None = None
    labs: LabWorkload | None = None
    database = ServicePart("database", "works", connection.vendor)
    try:
        sweeper, labs = sweeper_state(now), lab_workload(now)
        if refusal := refusal_of_writes():
            database = ServicePart("database", "fault", refusal)
    except (DatabaseError, InterfaceError) as error:
        database = ServicePart("database", "fault", f"{connection.vendor} does not answer ({type(error).__name__})")
    parts = [
        database,
        redis_part(),
        broker_part(),
        mail_part.state(),
        disk_part(),
        clock_part(clock, is_asked=labs is not None),
    ]
    return Readiness([*parts, workers_part(labs), runners_part(labs), sweeper_part(sweeper)], sweeper, labs)


def refusal_of_writes() -> str:
    """Return why a PostgreSQL that answers refuses to write, or "". SQLite's file is in the folder that `disk_part` tries."""
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only') = 'on'")
        is_standby, is_read_only = cursor.fetchone()
    if is_standby:
        return "postgresql is a standby, which only reads. Nothing can be saved"
    return (
        "postgresql is set to read only (default_transaction_read_only). Nothing can be saved" if is_read_only else ""
    )


def redis_part() -> ServicePart:
    """Saves work without Redis; labs cannot run."""
    if not settings.REDIS_URL:
        return ServicePart("redis", "not used")
    try:
        with impatient_redis() as server:
            server.ping()
    except redis.RedisError as error:
        return ServicePart("redis", "fault", f"Redis does not answer ({type(error).__name__})")
    return ServicePart("redis", "works")


def impatient_redis() -> "redis.Redis":
    """Return a client that neither waits long nor tries again."""
    retry = redis.retry.Retry(redis.backoff.NoBackoff(), 0)
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=0.5, socket_timeout=1, retry=retry)


def broker_part() -> ServicePart:
    """Write to the queue's server or folder, because a full Redis still answers a ping."""
    if not settings.REDIS_URL:
        folder = Path(settings.MESSAGES)
        is_usable = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
        return ServicePart("broker", "works" if is_usable else "fault", f"a folder of messages at {folder}")
    try:
        try_broker()
    except (redis.RedisError, KombuError, OSError) as error:
        return ServicePart("broker", "fault", f"a message cannot be stored ({type(error).__name__})")
    return ServicePart("broker", "works", "Redis")


class MailPart:
    """Asks the mail server at most every MAIL_PAUSE seconds, because it may limit connections."""

    def __init__(self) -> None:
        self.asking = threading.Lock()
        self.asked_at: float | None = None
        self.found = ServicePart("mail", "not used")

    def state(self) -> ServicePart:
        if settings.MAILERS["default"]["BACKEND"] != "config.mail.MailServer":
            return ServicePart("mail", "not used")
        with self.asking:
            if self.asked_at is None or monotonic() - self.asked_at >= MAIL_PAUSE:
                self.found = self.ask()
                self.asked_at = monotonic()
            return self.found

    def ask(self) -> ServicePart:
        """Connect and greet, without signing in."""
        server = cast("EmailBackend", mailers.default)
        where = f"{server.host}:{server.port}"
        try:
            with closing(server.connection_class(server.host, server.port, timeout=MAIL_PATIENCE)) as smtp:
                code, _ = smtp.ehlo()
        except (OSError, SMTPException) as error:
            return ServicePart("mail", "fault", f"{where} does not answer ({type(error).__name__})")
        return ServicePart("mail", "works" if code == 250 else "fault", f"{where} answered {code}")


mail_part = MailPart()


def disk_part() -> ServicePart:
    """Write and delete a file in the data folder, and see how much more fits."""
    folder = Path(settings.DATA)
    try:
        with TemporaryFile(dir=folder) as file:
            file.write(b"readyz")
            file.flush()
            os.fsync(file.fileno())
        disk = os.statvfs(folder)
    except OSError as error:
        return ServicePart("disk", "fault", f"{folder} cannot be written to ({error.strerror})")
    free = disk.f_bavail * disk.f_frsize
    is_full = free < settings.LEAST_FREE_DISK or (disk.f_files and disk.f_favail < 1000)
    return ServicePart("disk", "fault" if is_full else "works", f"{free >> 20} MB and {disk.f_favail} files are free")


def clock_part(clock: TimeSource, *, is_asked: bool) -> ServicePart:
    """Compare this machine's clock with the clocks of the servers that it shares with others, and with its own past."""
    if step := clock_step():
        says = f"set {'ahead' if step > timedelta() else 'back'} by {abs(step).total_seconds():.0f} s while this ran"
        return ServicePart("clock", "fault", f"{says}; until put right, for an hour, the time from before counts")
    drifts = {name: drift for name, drift in clock_drifts(clock, is_asked=is_asked) if drift is not None}
    if not drifts:
        return ServicePart("clock", "not used", "no server with another clock")
    name, worst = max(drifts.items(), key=lambda drift: abs(drift[1]))
    says = f"{abs(worst):.1f} s {'ahead of' if worst > 0 else 'behind'} {name}"
    return ServicePart("clock", "fault" if abs(worst) > MOST_DRIFT else "works", says)


def clock_drifts(clock: TimeSource, *, is_asked: bool) -> Iterator[tuple[str, float | None]]:
    """Yield how many seconds this clock is ahead of PostgreSQL's and of Redis's; None if the server does not say."""
    if is_asked and connection.vendor == "postgresql":
        yield "PostgreSQL", drift_from(clock, clock_of_postgresql)
    if settings.REDIS_URL:
        yield "Redis", drift_from(clock, clock_of_redis)


def drift_from(clock: TimeSource, read: TimeSource) -> float | None:
    """Return how far this clock is ahead of the other, which was read at some instant during the call."""
    before = clock()
    try:
        other = read()
    except (DatabaseError, InterfaceError, redis.RedisError):
        return None
    after = clock()
    ahead, behind = (before - other).total_seconds(), (after - other).total_seconds()
    return ahead if ahead > 0 else min(behind, 0.0)


def clock_of_postgresql() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        database_time: datetime = cursor.fetchone()[0]
    return database_time


def clock_of_redis() -> datetime:
    with impatient_redis() as server:
        seconds, microseconds = server.time()
    return datetime.fromtimestamp(seconds + microseconds / 1_000_000, UTC)


def workers_part(labs: LabWorkload | None) -> ServicePart:
    """Each host that reported in the last minute needs a living worker; a worker that started again has a new name."""
    if labs is None:
        return ServicePart("workers", "unknown")
    living = [name for name, worker in labs.workers.items() if worker["is_alive"]]
    silent = {host_of(name) for name in labs.workers} - {host_of(name) for name in living}
    if silent or not living:
        return ServicePart("workers", "fault", f"no worker reports on {', '.join(sorted(silent)) or 'any host'}")
    return ServicePart("workers", "works", f"{len(living)} running")


def host_of(worker: str) -> str:
    return worker.partition("/")[0]


def runners_part(labs: LabWorkload | None) -> ServicePart:
    """The living workers say whether their runners accept code, and which runner hosts they see."""
    if labs is None:
        return ServicePart("runners", "unknown")
    living = {name: worker for name, worker in labs.workers.items() if worker["is_alive"]}
    if not living:
        return ServicePart("runners", "unknown", "no worker reports")
    unready = [
        f"{host_of(name)}: {'; '.join(worker['reasons'])}" for name, worker in living.items() if not worker["ready"]
    ]
    unready += [f"{name}: {'; '.join(host.reasons)}" for name, host in labs.hosts.items() if not host.is_ready]
    return ServicePart("runners", "fault", ", ".join(unready)) if unready else ServicePart("runners", "works")


def sweeper_part(sweeper: SweeperState | None) -> ServicePart:
    if sweeper is None:
        return ServicePart("sweeper", "unknown")
    if sweeper.age is None:
        return ServicePart("sweeper", "fault", "no sweep yet")
    says = f"the last sweep began {sweeper.age:.0f} s ago"
    if sweeper.age < 0 and not sweeper.has_sweeper:
        says = (
            f"the last sweep was {-sweeper.age:.0f} s in the future, so its clock or this one was wrong; no sweep since"
        )
    return ServicePart("sweeper", "works" if sweeper.has_sweeper else "fault", says)
