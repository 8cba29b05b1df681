"""Claim runs by compare-and-set, hold them by a lease, give them back, and requeue lost ones."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from foundation.metrics import RUN_WAIT, RUNS_RECOVERED
from foundation.one_by_one import one_by_one
from labs.models import Run, Session
from labs.queue import has_host_queues, send_to_queue
from labs.rules.heartbeats import LEASE
from labs.rules.hosts import OpenHost, host_for
from labs.rules.queueing import LONGEST_WAIT, MOST_RUNNING, MOST_TRAINING, QUEUES, Waiting, fairest, is_broken
from labs.selectors import last_turns, living_hosts
from labs.services.finishing import RunOutcome, finish_run
from labs.services.hosts import leave_lost_hosts, open_hosts

TRIES = 5
BROKEN = "The lab could not finish this run, though nothing is wrong with the code. Run it again."


def claim_next(*, queue: str, worker: str, now: datetime, refused: Collection[tuple[str, str]] = ()) -> Run | None:
    """Claim the fairest run that may start now, for the host on which it starts, and return it, or None.

    Two workers never claim the same run. `refused` names runs and the hosts that refused them a moment ago: a run
    is not claimed for a host that refused it.
    """
    for _ in range(TRIES):
        heads = waiting_in(queue, worker, refused)
        run_id = fairest(head.waiting for head in heads)
        if run_id is None:
            return None
        head = next(head for head in heads if head.waiting.run_ids[0] == run_id)
        if _take(run_id, worker, head.host, now):
            run = Run.objects.select_related("lab", "session").get(pk=run_id)
            run.resumes = bool(head.runner)
            RUN_WAIT.labels(queue).observe((now - run.created_at).total_seconds())
            return run
    return None


def _take(run_id: str, worker: str, host: str, now: datetime) -> bool:
    """Claim the run for a host.

    The learner's unfinished runs serve as the lock: two workers that count how many are running wait for each other.
    """
    rows = Run.objects.filter(pk=run_id, state=Run.State.QUEUED)
    learner = Run.objects.filter(pk=run_id).values("learner")
    living = Run.objects.filter(learner__in=learner).exclude(state=Run.State.FINISHED).select_for_update()
    try:
        with transaction.atomic():
            states = list(living.order_by("pk").values_list("state", flat=True))
            if states.count(Run.State.RUNNING) >= MOST_RUNNING:
                return False
            taken = rows.update(
                state=Run.State.RUNNING,
                worker=worker,
                runner=host,
                claim=F("claim") + 1,
                started_at=now,
                lease_until=now + LEASE,
            )
    except IntegrityError:  # another run of the session started in between
        return False
    return taken == 1


@dataclass(frozen=True)
class Head:
    """A learner's oldest run that may start now, the host on which it starts, and the one on which it began before."""

    waiting: Waiting
    host: str
    runner: str


def waiting_in(queue: str, worker: str, refused: Collection[tuple[str, str]]) -> list[Head]:
    """Return each learner's oldest run that may start now. Runs at most four queries, however many runs wait.

    A learner whose oldest run was refused by every host waits with all runs, so that cells keep their order.
    """
    running = list(
        Run.objects.filter(state=Run.State.RUNNING).values_list("learner_id", "session_id", "queue", "worker", "runner")
    )
    mine = sum(row[2:4] == ("training", worker) for row in running)
    if queue == "training" and mine >= MOST_TRAINING:
        return []
    hosts = open_hosts(Counter(row[4] for row in running))
    busy = [session for _, session, *_ in running if session]
    rows = Run.objects.filter(state=Run.State.QUEUED, queue=queue).exclude(session__in=busy)
    heads = _oldest_runs(rows.filter(_may_start(hosts)))
    last = last_turns([learner for _, learner, *_ in heads])
    counts = Counter(learner for learner, *_ in running)
    return [
        Head(Waiting([run], at, counts[learner], last.get(learner)), host, runner)
        for run, learner, at, runtime, session, runner in heads
        if (host := host_for(session or (runner if settings.RUNNERS else ""), runtime, _left(run, hosts, refused)))
    ]


def _left(run: str, hosts: Mapping[str, OpenHost], refused: Collection[tuple[str, str]]) -> dict[str, OpenHost]:
    """Return the hosts that have not refused the run."""
    return {name: host for name, host in hosts.items() if (run, name) not in refused}


def _may_start(hosts: Mapping[str, OpenHost]) -> Q:
    """Return the condition for runs that have a place now: on the host they are bound to, or else on any."""
    room = [host.name for host in hosts.values() if host.has_room]
    runtimes = {runtime for host in hosts.values() for runtime in host.runtimes if host.takes(runtime)}
    begun = Q(runner__in=room) if settings.RUNNERS else ~Q(runner="")
    anew = (Q(session=None) | Q(session__runner="")) & (begun | Q(runner="", runtime__in=runtimes))
    return Q(session__runner__in=room) | anew


def _oldest_runs(rows: QuerySet[Run]) -> list[tuple[str, int, datetime, str, str | None, str]]:
    rank = Window(RowNumber(), partition_by=F("learner_id"), order_by=[F("created_at").asc(), F("pk").asc()])
    columns = ("pk", "learner_id", "created_at", "runtime", "session__runner", "runner")
    return list(rows.annotate(rank=rank).filter(rank=1).values_list(*columns))


def renew_leases(*, claims: Collection[str], worker: str, now: datetime) -> None:
    """Renew the leases of the runs that this worker is executing."""
    rows = Run.objects.filter(pk__in=claims, worker=worker, state=Run.State.RUNNING)
    rows.update(lease_until=now + LEASE)


def give_back(*, run: Run, is_loss: bool, has_begun: bool, now: datetime) -> None:
    """Return a run to the queue, unless another worker has claimed it. A run that was lost too often becomes broken.

    One that has begun stays bound to its host, where it may still be going on.
    """
    losses = run.losses + is_loss
    if is_broken(losses):
        finish_run(run=run, outcome=RunOutcome("broken", BROKEN), now=now)
        return
    rows = Run.objects.filter(pk=run.pk, claim=run.claim, state=Run.State.RUNNING)
    runner = run.runner if has_begun else ""
    rows.update(state=Run.State.QUEUED, worker="", lease_until=None, losses=losses, runner=runner)


def requeue_lost(*, now: datetime) -> int:
    """Return the runs of dead workers to the queue, and wake workers for runs that have waited too long.

    Returns how many runs were lost. A lost message delays a run by one sweep; a duplicate is harmless.
    If a run cannot be given back, the others still are, and the error is raised at the end.
    """
    lost = list(Run.objects.filter(state=Run.State.RUNNING, lease_until__lt=now))
    with one_by_one() as alone:
        for run in lost:
            with alone(f"run {run.pk}"):
                give_back(run=run, is_loss=True, has_begun=True, now=now)
                RUNS_RECOVERED.inc()
        with alone("runs that wait"):
            _wake_for_waiting(bool(lost), now)
    return len(lost)


def _wake_for_waiting(has_lost: bool, now: datetime) -> None:
    leave_lost_hosts(now=now)
    stale = Run.objects.filter(state=Run.State.QUEUED, created_at__lt=now - LONGEST_WAIT)
    _free_sessions(stale, now)
    waiting = set(stale.values_list("queue", "session__runner").distinct())
    for queue in QUEUES:
        if has_lost or queue in {waiting_queue for waiting_queue, _ in waiting}:
            send_to_queue(queue)
    for queue, host in waiting if has_host_queues() else ():
        if host:
            send_to_queue(queue, host)


def _free_sessions(stale: QuerySet[Run], now: datetime) -> None:
    """Detach the sessions of a host that is gone, so that another host can open them and their runs can start."""
    if not settings.RUNNERS:
        Session.objects.filter(runs__in=stale).exclude(runner__in=living_hosts(now)).update(runner="")
