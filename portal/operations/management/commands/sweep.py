"""The sweeper: records what is already true, and asks for heartbeats. Every page is correct without it (D9)."""

import http.client
import logging
import os
import signal
import socket
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from course.services import (
    forget_exports,
    forget_invitations,
    remove_expired_sessions,
    remove_expired_tokens,
    schedule_unused_accounts,
    wake_for_mail,
)
from foundation import clock
from foundation.idempotency import forget_answers
from foundation.metrics import HEARTBEAT_FAILURES, RUNS_RECOVERED, SETTLED, SWEEP_FAILURES, SWEEP_TIME
from labs.services import clear_leftovers, requeue_lost, wake_for_retests, wake_for_tryouts
from portal.operations.services import serve_counters
from portal.rights.services import build_next_export, erase_due_accounts, seal_waiting
from portal.study.services import wake_for_reminders
from quizzes.rules.heartbeats import SWEEP_INTERVAL, SWEEPER_LEASE
from quizzes.services import beat, follow_stalled, hold_lease, request_stale_analyses, settle_due
from quizzes.services.heartbeat import HEARTBEAT

PAUSE = SWEEP_INTERVAL.total_seconds()
RETRY = 1.0  # seconds until the next try, while the web server does not answer
PATIENCE = 10.0  # seconds for the web server to answer
SEALING_INTERVAL = timedelta(minutes=1)
LOOKING_INTERVAL = timedelta(hours=1)
WORTH_SAYING = 10  # failures in a row; a web server that is starting has a few

log = logging.getLogger(__name__)


class Command(BaseCommand):
    # `up` has checked already; checking again would load every page's code, 40 MB that the sweeper never uses
    requires_system_checks = []
    seals_at = looks_for_unused_at = datetime.min.replace(tzinfo=UTC)
    help = "Settle expired sittings and recover lost lab runs every ten seconds. Any number may run; the database elects one at a time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="sweep once and end")

    def handle(self, *args: object, once: bool, **options: object) -> None:
        if once:
            self.sweep(holder_here())
            return
        clock.keep_steady()
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        serve_counters()
        self.sweep_until(stop)

    def sweep_until(self, stop: threading.Event) -> None:
        """Sweep every ten seconds and ask for heartbeats until `stop` is set, whatever a sweep meets."""
        if settings.WEB_URL:
            threading.Thread(target=self.ask_for_heartbeats, args=(stop,), daemon=True).start()
        while not stop.is_set():
            try:
                with SWEEP_TIME.time():
                    self.sweep(holder_here())
            except Exception:
                SWEEP_FAILURES.inc()
                log.exception("this sweep failed, the next is in %.0f s", PAUSE)
            close_old_connections()
            stop.wait(PAUSE)

    def sweep(self, holder: str) -> None:
        now = clock.now()
        if hold_lease(name="sweeper", holder=holder, length=SWEEPER_LEASE, now=now):
            if not settings.WEB_URL:  # a lone sweeper that knows no web server can only vouch for the database
                beat(now=now)
            remove_expired_tokens(now=now)
            remove_expired_sessions(now=now)
            forget_answers(now=now)
            if settled := settle_due(now=now):
                SETTLED.inc(settled)
                self.stdout.write(f"settled {settled} sittings")
            request_stale_analyses(now=now)
            if followed := follow_stalled(now=now):
                self.stdout.write(f"finished {followed} regrades")
            if lost := requeue_lost(now=now):
                RUNS_RECOVERED.inc(lost)
                self.stdout.write(f"recovered {lost} lab runs")
            wake_for_retests(now=now)
            wake_for_tryouts(now=now)
            clear_leftovers(now=now)
            forget_exports(now=now)
            self.seal(now)
            wake_for_reminders(now=now)
            wake_for_mail(now=now)
            if unused := self.look_for_unused(now):
                self.stdout.write(f"set the date of deletion of {unused} unused accounts")
            if erased := erase_due_accounts(now=now):
                self.stdout.write(f"deleted {erased} accounts that were due")
            self.build_export()

    def look_for_unused(self, now: datetime) -> int:
        """Look for unused accounts and old invitations once an hour, because that reads whole tables."""
        if now < self.looks_for_unused_at:
            return 0
        self.looks_for_unused_at = now + LOOKING_INTERVAL
        forget_invitations(now=now)
        return schedule_unused_accounts(now=now)

    def seal(self, now: datetime) -> None:
        """Seal once a minute, or in each sweep while many records wait."""
        if now >= self.seals_at:
            self.seals_at = now + SEALING_INTERVAL if seal_waiting(now=now).is_last else now

    def build_export(self) -> None:
        """Build one archive, last and one in each sweep: it may take long, and what it meets must not stop the sweeps."""
        try:
            if build_next_export(clock=clock.now):
                self.stdout.write("built an archive of personal data")
        except Exception:
            SWEEP_FAILURES.inc()
            log.exception("an archive of personal data could not be built; it is tried again in five minutes")

    def ask_for_heartbeats(self, stop: threading.Event) -> None:
        """Run until `stop` is set, in parallel to the sweeps, so that a long sweep is not taken for an outage."""
        pause, failures = 0.0, 0
        while not stop.wait(pause):
            problem = ask_for_heartbeat(settings.WEB_URL)
            if not problem and failures >= WORTH_SAYING:
                self.stdout.write("the heartbeat is back")
            failures = failures + 1 if problem else 0
            HEARTBEAT_FAILURES.inc(bool(problem))
            if failures == WORTH_SAYING:
                self.stdout.write(f"no heartbeat: the web server {problem}")
            pause = RETRY if problem else PAUSE


def holder_here() -> str:
    """Return the name under which this process holds the sweepers' lease."""
    return f"{socket.gethostname()}/{os.getpid()}"


def ask_for_heartbeat(url: str) -> str:
    """Ask the web server to record that it answers (D20). Return "" or why it did not."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE)
    try:
        connection.request("POST", "/heartbeat", signing.dumps(HEARTBEAT, salt=HEARTBEAT), {"Host": "localhost"})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return f"did not answer ({type(error).__name__})"
    finally:
        connection.close()
    return "" if status == http.client.NO_CONTENT else f"answered {status}"
