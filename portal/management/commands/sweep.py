"""The sweeper: writes down what is already true, and the house's pulse. Every page is right without it (D9)."""

import os
import signal
import socket
import threading
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from course.services import forget_answers, remove_expired_tokens
from labs.services import clear_leftovers, requeue_lost
from quizzes.services import beat, follow_stalled, hold_lease, request_stale_analyses, settle_due

PAUSE = 10.0  # seconds
LEASE = timedelta(seconds=30)


class Command(BaseCommand):
    requires_system_checks = []  # `up` has checked already; checking loads every page's code, 40 MB that are never run
    help = "Settle expired sittings and recover lost lab runs every ten seconds. Any number may run; the database elects one at a time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="sweep once and end")

    def handle(self, *args: Any, **options: Any) -> None:
        holder = f"{socket.gethostname()}/{os.getpid()}"
        if options["once"]:
            self.sweep(holder)
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            try:
                self.sweep(holder)
            except DatabaseError as error:
                self.stderr.write(f"this sweep failed, the next is in {PAUSE:.0f} s: {error}")
            close_old_connections()
            stop.wait(PAUSE)

    def sweep(self, holder: str) -> None:
        now = timezone.now()
        if hold_lease(name="sweeper", holder=holder, length=LEASE, now=now):
            beat(now=now)
            remove_expired_tokens(now=now)
            forget_answers(now=now)
            if settled := settle_due(now=now):
                self.stdout.write(f"settled {settled} sittings")
            request_stale_analyses(now=now)
            if followed := follow_stalled(now=now):
                self.stdout.write(f"finished {followed} regrades")
            if lost := requeue_lost(now=now):
                self.stdout.write(f"recovered {lost} lab runs")
            clear_leftovers(now=now)
