"""What is read when /metrics is asked: from the database, where it is the same for every host, and from this host."""

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from prometheus_client import REGISTRY, CollectorRegistry, Metric, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from accounts.selectors import count_sign_in_sessions
from foundation.version import finalcheck_version
from labs.selectors import lab_loads
from operations.services.readiness import Readiness, TimeSource, host_of, readiness
from quizzes.selectors import oldest_due

log = logging.getLogger(__name__)
POSTGRESQL = """
    SELECT numbackends, current_setting('max_connections')::int, pg_database_size(datname),
           xact_commit, xact_rollback, deadlocks,
           (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) FROM pg_stat_activity
             WHERE datname = current_database() AND pid != pg_backend_pid())
      FROM pg_stat_database WHERE datname = current_database()
"""


class Measures:
    """Measured once, when the collector is made."""

    def __init__(self, now: datetime, clock: TimeSource) -> None:
        ready = readiness(now, clock)
        self.metrics = [of_build(), *of_parts(ready)]
        with suppress(OSError):
            self.metrics += of_this_host()
        with suppress(DatabaseError, InterfaceError):  # finalcheck_part_works tells why they are missing
            self.metrics += [*of_work(ready, now), *of_database()]

    def collect(self) -> Iterator[Metric]:
        yield from self.metrics


def measured(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"finalcheck_{name}", help_text, value)


def of_build() -> Metric:
    number, commit = finalcheck_version()
    build = GaugeMetricFamily(
        "finalcheck_build_info", "Always 1; its labels say what runs", labels=["version", "commit"]
    )
    build.add_metric([number, commit], 1)
    return build


def of_parts(state: Readiness) -> Iterator[Metric]:
    works = GaugeMetricFamily("finalcheck_part_works", "0 while a part that /readyz names has a fault", labels=["part"])
    for part in state.parts:
        works.add_metric([part.name], part.state != "fault")
    yield works


def of_this_host() -> Iterator[Metric]:
    disk = os.statvfs(settings.DATA)
    yield measured("disk_free_bytes", "Free in the file system of the data folder", disk.f_bavail * disk.f_frsize)
    yield measured("disk_bytes", "Size of the file system of the data folder", disk.f_blocks * disk.f_frsize)


def of_work(state: Readiness, now: datetime) -> Iterator[Metric]:
    if state.sweeper is None or state.labs is None:
        return
    yield measured("exams_running", "Sittings whose time runs", state.sweeper.running)
    yield measured("exams_due", "Expired sittings that wait for the sweeper", state.sweeper.due)
    oldest = oldest_due(now)
    due = 0.0 if oldest is None else (now - oldest).total_seconds()
    yield measured("exams_due_age_seconds", "Since the deadline of the oldest sitting that waits for the sweeper", due)
    age = -1 if state.sweeper.age is None else state.sweeper.age
    yield measured("sweeper_age_seconds", "Seconds since the last sweep, -1 before the first", age)
    living = [worker for worker in state.labs.workers.values() if worker["is_alive"]]
    yield measured("workers", "Workers that report", len(living))
    yield measured("runners_ready", "Workers whose runner accepts code", sum(worker["ready"] for worker in living))
    loads = lab_loads()
    for name, help_text, counts in (
        ("lab_runs_queued", "Runs that wait for a worker", loads.queued),
        ("lab_runs_running", "Runs that a worker executes", loads.running),
        ("lab_queue_age_seconds", "How long the oldest run of a queue has waited", state.labs.age),
    ):
        family = GaugeMetricFamily(f"finalcheck_{name}", help_text, labels=["queue"])
        for queue, count in counts.items():
            family.add_metric([queue], count)
        yield family
    capacity = {host_of(name): worker.get("capacity", {}) for name, worker in state.labs.workers.items()}
    capacity |= {name: host.capacity for name, host in state.labs.hosts.items()}
    for name, help_text, key in (
        ("lab_sessions", "Sessions of labs and lessons that have a process", "open_sessions"),
        ("lab_session_places", "Sessions that the runners have places for", "sessions"),
    ):
        yield measured(name, help_text, sum(host.get(key, 0) for host in capacity.values()))
    yield measured("sign_in_sessions", "Sign-in sessions that have not expired", count_sign_in_sessions(now))


def of_database() -> Iterator[Metric]:
    """Yield the size of the database, and on PostgreSQL what its statistics say."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
            yield measured("database_bytes", "Size of the database", cursor.fetchone()[0])
            return
        cursor.execute(POSTGRESQL)
        used, most, size, commits, rollbacks, deadlocks, longest = cursor.fetchone()
    yield measured("database_bytes", "Size of the database", size)
    yield measured("database_connections", "Connections to the database", used)
    yield measured("database_connections_most", "Connections that the server allows, for all databases", most)
    yield measured("database_longest_transaction_seconds", "Age of the oldest open transaction", float(longest))
    for name, help_text, count in (
        ("database_commits", "Transactions that were committed", commits),
        ("database_rollbacks", "Transactions that were rolled back", rollbacks),
        ("database_deadlocks", "Deadlocks that the server ended", deadlocks),
    ):
        yield CounterMetricFamily(f"finalcheck_{name}", help_text, count)


def registry_of_counters() -> CollectorRegistry:
    """Return the counters of every program if they count in files, else of this process only."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    registry.register(CountedInFiles())
    return registry


class CountedInFiles:
    """Adds up the files of every process of every program that counts in the data folder."""

    def collect(self) -> Iterator[Metric]:
        files = sorted(Path(settings.DATA).glob("metrics/*/*.db"))
        yield from MultiProcessCollector.merge([str(file) for file in files])  # type: ignore[no-untyped-call]


def serve_counters() -> None:
    """Answer /metrics on FINALCHECK_METRICS_PORT with what this program counts, if the port is set. Its work goes on if
    another program has the port.
    """
    if not settings.METRICS_PORT:
        return
    try:
        start_http_server(settings.METRICS_PORT, settings.METRICS_HOST, registry=registry_of_counters())
    except OSError as error:
        log.error("/metrics is not answered at %s:%s: %s", settings.METRICS_HOST, settings.METRICS_PORT, error)
