"""The worker: claim the fairest waiting run, execute it, claim the next."""

import logging
import os
import random
import threading
from collections.abc import Collection
from typing import TYPE_CHECKING

from celery import shared_task
from celery.signals import worker_init, worker_ready, worker_shutdown
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from foundation import clock
from foundation.metrics import RUN_TIME, RUN_WAIT, RUNS
from foundation.queue import send_task
from foundation.tracing import span
from labs import sandbox
from labs.models import Run
from labs.queue import RUN_NEXT_RETEST, RUN_NEXT_TRIAL, TASK, has_host_queues, queue_of_host, send_to_queue
from labs.rules.heartbeats import WORKER_INTERVAL
from labs.rules.hosts import LOOK as LOOK_AT_HOST
from labs.rules.queueing import QUEUES
from labs.runner.protocol import VERDICTS
from labs.sandbox import HOST, Refused, RunnerGone
from labs.selectors import living_hosts
from labs.services import (
    Leases,
    Taken,
    claim_next,
    execute_run,
    look_at_host,
    pass_on_stops,
    report_worker,
    run_next_retest,
    run_next_trial,
)

if TYPE_CHECKING:
    from celery.apps.worker import Worker as CeleryWorker

LOOK, BEAT, TIDY = (
    0.5,
    WORKER_INTERVAL.total_seconds(),
    3600.0,
)  # seconds between looks for a Stop, heartbeats, and tidyings
log = logging.getLogger(__name__)

for _mode in Run.Mode.values:  # a rate needs the series before the first run
    for _verdict in VERDICTS:
        RUNS.labels(_mode, _verdict)
for _queue in QUEUES:
    RUN_WAIT.labels(_queue)
    RUN_TIME.labels(_queue)


class WorkerState:
    """The runs that this process is executing, by id, and its leases of retests and tryouts."""

    def __init__(self) -> None:
        self.claims: set[str] = set()
        self.leases = Leases()
        self.taking = threading.Lock()  # so that two threads do not count the same free place for training

    def take(self, queue: str, refused: Collection[tuple[str, str]]) -> Run | None:
        with self.taking:
            run = claim_next(queue=queue, worker=self.worker, now=clock.now(), refused=refused)
            if run is not None:
                self.claims.add(run.pk)
            return run

    @property
    def worker(self) -> str:
        return f"{HOST}/{os.getpid()}"


state = WorkerState()


@shared_task(name=TASK, acks_late=False)  # the row is authoritative; a repeated message has no effect
def run_waiting(queue: str, host: str = "") -> int:
    """Claim and execute runs until all others have to wait. Return how many were executed.

    A run that a host refused is not claimed for that host again until another run has ended, which may free memory.

    If the runner here refuses a run, the worker of another host is woken, unless the message was for this `host` alone: so a message
    passes through two hosts at most.
    """
    done, refused = 0, set[tuple[str, str]]()
    while (run := state.take(queue, refused)) is not None:
        try:
            with span("execute a lab run", kind="consumer", parent=run.trace, attributes=trace_attributes(run)):
                taken = execute_run(run=run, clock=clock.now)
        finally:
            state.claims.discard(run.pk)
        if taken is Taken.YES:
            done += 1
            refused.clear()
            continue
        if not host and not refused:
            wake_another_host(queue)
        if taken is Taken.NOTHING:
            break  # the runners here refuse everything now; the sweeper wakes us later
        refused.add((run.pk, run.runner))
    return done


def wake_another_host(queue: str) -> None:
    """Wake the worker on another host whose runner accepts code, if there is one."""
    if not has_host_queues():
        return
    if others := [host for host in living_hosts(clock.now(), are_ready=True) if host != HOST]:
        send_to_queue(queue, random.choice(others))


def trace_attributes(run: Run) -> dict[str, str]:
    """Return the attributes of a run in a trace."""
    return {"finalcheck.run": run.pk, "finalcheck.queue": run.queue, "finalcheck.mode": run.mode}


@shared_task(name=RUN_NEXT_RETEST)  # delivered twice, the second finds the lease taken
def run_next_retest_task(retest_id: int) -> None:
    """Run one stored test run again, and send a message for the next, so that other work takes turns with a retest."""
    if run_next_retest(retest_id=retest_id, clock=clock.now, leases=state.leases):
        send_task(RUN_NEXT_RETEST, retest_id)


@shared_task(name=RUN_NEXT_TRIAL)  # delivered twice, the second finds the lease taken
def run_next_trial_task(tryout_id: str) -> None:
    """Carry out one trial of a tryout, and send a message for the next, so that other work takes turns with it."""
    if run_next_trial(tryout_id=tryout_id, clock=clock.now, leases=state.leases):
        send_task(RUN_NEXT_TRIAL, tryout_id)


class HostLook(threading.Thread):
    """A thread beside the runs that looks at one runner host every two seconds, so that its loss is known to all."""

    def __init__(self, host: str) -> None:
        super().__init__(name=f"look at {host}", daemon=True)
        self.host, self.is_over = host, threading.Event()

    def run(self) -> None:
        while True:
            try:
                look_at_host(host=self.host, now=clock.now())
            except DatabaseError as error:
                log.warning("the look at %s was not recorded; the next one will follow: %s", self.host, error)
            close_old_connections()
            if self.is_over.wait(LOOK_AT_HOST.total_seconds()):
                return


class HeartbeatThread(threading.Thread):
    """A thread beside the runs that sends heartbeats, which renew leases, and passes Stops to the runner."""

    def __init__(self) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self.is_over = threading.Event()

    def run(self) -> None:
        beats = 0
        while not self.is_over.wait(LOOK if beats else 0):
            try:
                self.look(is_beat=beats % round(BEAT / LOOK) == 0)
                if beats % round(TIDY / LOOK) == 0:
                    sandbox.remove_old_probes(timezone.now().timestamp())
            except (DatabaseError, Refused, RunnerGone) as error:
                log.warning("the worker's heartbeat failed; the next one will follow: %s", error)
            beats += 1
            close_old_connections()

    def look(self, *, is_beat: bool) -> None:
        claims = set(state.claims)
        if is_beat:
            now = clock.now()
            report_worker(worker=state.worker, claims=claims, now=now)
            state.leases.renew(now)
        if claims or is_beat:
            pass_on_stops(claims=claims)


threads: list[HeartbeatThread | HostLook] = []


@worker_init.connect
def take_own_messages(sender: "CeleryWorker", **_: object) -> None:
    """Take the messages for this host beside those for any worker."""
    if has_host_queues():
        sender.app.amqp.queues.select_add(queue_of_host(HOST))


@worker_ready.connect
def begin(**_: object) -> None:
    threads.extend([HeartbeatThread(), *(HostLook(host) for host in settings.RUNNERS)])
    for thread in threads:
        thread.start()
    for queue in QUEUES:
        send_to_queue(queue, HOST)  # for runs that waited while all workers were down


@worker_shutdown.connect
def end(**_: object) -> None:
    while threads:
        threads.pop().is_over.set()
