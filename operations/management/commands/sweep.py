"""The sweeper: records what is already true, and asks for heartbeats. Every page is correct without it (D9)."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections

from accounts.services import remove_expired_sessions, remove_expired_tokens, remove_old_failures
from foundation import clock
from foundation.idempotency import forget_answers
from foundation.metrics import HEARTBEAT_FAILURES, SWEEP_FAILURES, SWEEP_TIME
from foundation.one_by_one import one_by_one
from labs.services import clear_leftovers, requeue_lost, wake_for_retests, wake_for_tryouts
from mail.services import wake_for_mail
from operations.services import serve_counters
from people.services import forget_invitations
from portal.goals.services import wake_for_reminders
from portal.rights.services import (
    build_next_export,
    erase_due_accounts,
    forget_exports,
    schedule_unused_accounts,
    seal_waiting,
)
from practice.services import wake_for_practice
from quizzes.rules.heartbeats import SEEN, SWEEP_INTERVAL, SWEEPER_LEASE, HeartbeatReply
from quizzes.services import (
    beat,
    forget_full,
    hold_lease,
    request_stale_analyses,
    rescore_stalled,
    settle_due_one_by_one,
    settle_due_ungraded,
)
from quizzes.services.heartbeat import database_state
from quizzes.services.heartbeat_watch import HeartbeatWatch

PAUSE = SWEEP_INTERVAL.total_seconds()
RETRY = 1.0  # seconds until the next try, while the web server does not answer
SEALING_INTERVAL = timedelta(minutes=1)
LOOKING_INTERVAL = timedelta(hours=1)
WORTH_SAYING = 10  # failures in a row; a web server that is starting has a few

log = logging.getLogger(__name__)

type Step = Callable[..., object]
"""One part of a sweep, called with `now`."""


class Command(BaseCommand):
    # `up` has checked already; checking again would load every page's code, 40 MB that the sweeper never uses
    requires_system_checks = []
    seals_at = looks_for_unused_at = datetime.min.replace(tzinfo=UTC)
    watch: HeartbeatWatch | None = None  # of a sweeper that knows no web server
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
        else:
            self.watch = HeartbeatWatch(clock.now)
        while not stop.is_set():
            try:
                with SWEEP_TIME.time():
                    self.sweep(holder_here())
            except Exception as error:
                SWEEP_FAILURES.inc()
                self.remember(error)
                log.exception("this sweep failed, the next is in %.0f s", PAUSE)
            close_old_connections()
            self.wait(stop)

    def wait(self, stop: threading.Event) -> None:
        if self.watch:
            self.watch.wait_until(PAUSE)
        stop.wait(PAUSE)
        if self.watch:
            self.watch.be_back()

    def remember(self, error: Exception) -> None:
        """Remember an error of the database as the cause of a missing heartbeat, where the sweeper records it itself."""
        if self.watch and isinstance(error, DatabaseError | InterfaceError):
            self.watch.saw(SEEN[HeartbeatReply.FAILED, database_state(error)])

    def sweep(self, holder: str) -> None:
        """Do every step, also after one that failed. Raises an ExceptionGroup at the end if any failed."""
        now = clock.now()
        if hold_lease(name="sweeper", holder=holder, length=SWEEPER_LEASE, now=now):
            with one_by_one() as alone:
                for name, step in self.steps().items():
                    with alone(name):
                        step(now=now)

    def steps(self) -> dict[str, Step]:
        """Return what a sweep does, in order. Archives come last, because they take long to build."""
        return {
            "heartbeat": self.beat_alone,
            "expired tokens": remove_expired_tokens,
            "expired sessions": remove_expired_sessions,
            "failed sign-ins": remove_old_failures,
            "stored replies": forget_answers,
            "expired sittings": self.settle,
            "expired rehearsals": settle_due_ungraded,
            "old analyses": request_stale_analyses,
            "stalled regrades": self.follow,
            "lost runs": self.requeue,
            "retests": wake_for_retests,
            "tryouts": wake_for_tryouts,
            "leftovers of labs": clear_leftovers,
            "holders of full servers": forget_full,
            "old archives": forget_exports,
            "seals": self.seal,
            "reminders": wake_for_reminders,
            "reminders of practice": wake_for_practice,
            "mail": wake_for_mail,
            "unused accounts and invitations": self.look_for_unused,
            "accounts to delete": self.erase,
            "archives to build": self.build_export,
        }

    def beat_alone(self, *, now: datetime) -> None:
        """Record a heartbeat if this sweeper knows no web server. Then it can only vouch for the database."""
        if settings.WEB_URL:
            return
        beat(now=now, report=self.watch and self.watch.report, serving_since=clock.began_at())
        if self.watch:
            self.watch.was_recorded()

    def settle(self, *, now: datetime) -> None:
        if settled := settle_due_one_by_one(now=now):
            self.stdout.write(f"settled {settled} sittings")

    def follow(self, *, now: datetime) -> None:
        if followed := rescore_stalled(now=now):
            self.stdout.write(f"finished {followed} regrades")

    def requeue(self, *, now: datetime) -> None:
        if lost := requeue_lost(now=now):
            self.stdout.write(f"recovered {lost} lab runs")

    def look_for_unused(self, *, now: datetime) -> None:
        """Look for unused accounts and old invitations once an hour, because that reads whole tables."""
        if now < self.looks_for_unused_at:
            return
        self.looks_for_unused_at = now + LOOKING_INTERVAL
        with one_by_one() as alone:
            with alone("old invitations"):
                forget_invitations(now=now)
            with alone("unused accounts"):
                if unused := schedule_unused_accounts(now=now):
                    self.stdout.write(f"set the date of deletion of {unused} unused accounts")

    def seal(self, *, now: datetime) -> None:
        """Seal once a minute, or in each sweep while many records wait."""
        if now >= self.seals_at:
            self.seals_at = now + SEALING_INTERVAL if seal_waiting(now=now).is_last else now

    def erase(self, *, now: datetime) -> None:
        if erased := erase_due_accounts(now=now):
            self.stdout.write(f"deleted {erased} accounts that were due")

    def build_export(self, *, now: datetime) -> None:
        """Build one archive. One that cannot be built is tried again in five minutes."""
        if build_next_export(clock=clock.now):
            self.stdout.write("built an archive of personal data")

    def ask_for_heartbeats(self, stop: threading.Event) -> None:
        """Run until `stop` is set, in parallel to the sweeps, so that a long sweep is not taken for an outage."""
        pause, failures, watch = 0.0, 0, HeartbeatWatch(clock.now)
        while not stop.wait(pause):
            problem = self.ask(watch)
            if not problem and failures >= WORTH_SAYING:
                self.stdout.write("the heartbeat is back")
            failures = failures + 1 if problem else 0
            HEARTBEAT_FAILURES.inc(bool(problem))
            if failures == WORTH_SAYING:
                self.stdout.write(f"no heartbeat: the web server {problem}")
            pause = RETRY if problem else PAUSE
            watch.wait_until(pause)

    def ask(self, watch: HeartbeatWatch) -> str:
        """Ask for one heartbeat. Return "" or why none was recorded."""
        try:
            return watch.ask(settings.WEB_URL)
        finally:
            close_old_connections()


def holder_here() -> str:
    """Return the name under which this process holds the sweepers' lease."""
    return f"{socket.gethostname()}/{os.getpid()}"
