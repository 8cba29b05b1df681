"""The worker: takes messages of the queue. With --sweep, the sweeper runs in one of its threads, which saves a process."""

import threading
from copy import deepcopy

from celery import current_app
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from operations.management.commands.sweep import Command as Sweep

LAST_SWEEP = 5.0  # seconds for a sweep to end when the worker has ended
# Threads: a task only passes code to the runner and waits, so a pool of processes would waste memory.
POOL = {"pool": "threads", "concurrency": 4}
ALONE = {"without_gossip": True, "without_mingle": True, "without_heartbeat": True}


class Command(BaseCommand):
    requires_system_checks = []  # as for the sweeper
    help = "Run a worker for lab runs, regrades and mail until SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sweep", action="store_true", help="also do what `manage.py sweep` does, in a thread")

    def handle(self, *args: object, sweep: bool, **options: object) -> None:
        stop = threading.Event()
        # Copied before the worker sets that its own commits do not wait for the disk.
        durable = deepcopy(connection.settings_dict)
        sweeper = threading.Thread(target=self.sweep_durably, args=(stop, durable), daemon=True)
        worker = current_app.Worker(loglevel="INFO", **POOL, **ALONE)
        if sweep:
            sweeper.start()
        try:
            worker.start()
        finally:
            stop.set()
            if sweep:
                sweeper.join(LAST_SWEEP)
        raise SystemExit(worker.exitcode)

    def sweep_durably(self, stop: threading.Event, database: dict[str, object]) -> None:
        connection.settings_dict = database  # of this thread's connection
        Sweep().sweep_until(stop)
