"""Claim runs by compare-and-set, hold them by a lease, give them back, and requeue lost ones."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from foundation.metrics import RUN_WAIT
from labs import sandbox
from labs.models import Run, Session
from labs.queue import send_to_queue
from labs.rules.heartbeats import LEASE
from labs.rules.queueing import LONGEST_WAIT, MOST_RUNNING, MOST_TRAINING, QUEUES, Waiting, fairest, is_broken
from labs.selectors import last_turns, living_hosts
from labs.services.finishing import RunOutcome, finish_run

TRIES = 5
BROKEN = "The lab could not finish this run, though nothing is wrong with the code. Run it again."


def claim_next(*, queue: str, worker: str, now: datetime) -> Run | None:
    """Claim the fairest run that may start on this host and return it, or None. Two workers never claim the same run."""
    for _ in range(TRIES):
        run_id = fairest(waiting_in(queue, worker))
        if run_id is None:
            return None
        if _take(run_id, worker, now):
            run = Run.objects.select_related("lab", "session").get(pk=run_id)
            RUN_WAIT.labels(queue).observe((now - run.created_at).total_seconds())
            return run
    return None


def _take(run_id: str, worker: str, now: datetime) -> bool:
    """Claim the run.

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
                state=Run.State.RUNNING, worker=worker, claim=F("claim") + 1, started_at=now, lease_until=now + LEASE
            )
    except IntegrityError:  # another run of the session started in between
        return False
    return taken == 1


def waiting_in(queue: str, worker: str) -> list[Waiting]:
    """Return each learner's oldest run that may start now. Runs at most three queries, however many runs wait."""
    running = list(
        Run.objects.filter(state=Run.State.RUNNING).values_list("learner_id", "session_id", "queue", "worker")
    )
    mine = sum(each[2:] == ("training", worker) for each in running)
    if queue == "training" and mine >= MOST_TRAINING:
        return []
    busy = [session for _, session, _, _ in running if session]
    rows = Run.objects.filter(state=Run.State.QUEUED, queue=queue).exclude(session__in=busy)
    heads = _oldest_of_each(rows.filter(Q(session=None) | Q(session__runner__in=("", sandbox.runner_name()))))
    last = last_turns([learner for _, learner, _ in heads])
    counts = Counter(learner for learner, _, _, _ in running)
    return [Waiting([run], at, counts[learner], last.get(learner)) for run, learner, at in heads]


def _oldest_of_each(rows: QuerySet[Run]) -> list[tuple[str, int, datetime]]:
    place = Window(RowNumber(), partition_by=F("learner_id"), order_by=[F("created_at").asc(), F("pk").asc()])
    return list(rows.annotate(place=place).filter(place=1).values_list("pk", "learner_id", "created_at"))


def renew_leases(*, claims: Collection[str], worker: str, now: datetime) -> None:
    """Renew the leases of the runs that this worker is executing."""
    rows = Run.objects.filter(pk__in=claims, worker=worker, state=Run.State.RUNNING)
    rows.update(lease_until=now + LEASE)


def give_back(*, run: Run, is_loss: bool, now: datetime) -> None:
    """Return a run to the queue, unless another worker has claimed it. A run that was lost too often becomes broken."""
    losses = run.losses + is_loss
    if is_broken(losses):
        finish_run(run=run, outcome=RunOutcome("broken", BROKEN), now=now)
        return
    rows = Run.objects.filter(pk=run.pk, claim=run.claim, state=Run.State.RUNNING)
    rows.update(state=Run.State.QUEUED, worker="", lease_until=None, losses=losses)


def requeue_lost(*, now: datetime) -> int:
    """Return the runs of dead workers to the queue, and wake workers for runs that have waited too long.

    Returns how many runs were lost. A message that never arrived delays a run by one sweep; a duplicate does no harm.
    """
    lost = list(Run.objects.filter(state=Run.State.RUNNING, lease_until__lt=now))
    for run in lost:
        give_back(run=run, is_loss=True, now=now)
    stale = Run.objects.filter(state=Run.State.QUEUED, created_at__lt=now - LONGEST_WAIT)
    _free_sessions(stale, now)
    for queue in QUEUES:
        if lost or stale.filter(queue=queue).exists():
            send_to_queue(queue)
    return len(lost)


def _free_sessions(stale: QuerySet[Run], now: datetime) -> None:
    """Detach the sessions of a host that is gone, so that another host can open them and their runs can start."""
    living = [*living_hosts(now), *settings.RUNNERS]
    Session.objects.filter(runs__in=stale).exclude(runner__in=living).update(runner="")
