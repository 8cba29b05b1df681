"""Who has a run: taken by compare-and-set, held by a lease, given back or lost."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from labs import sandbox
from labs.models import Run, Session
from labs.queue import send
from labs.rules.queueing import LEASE, LONGEST_WAIT, MOST_RUNNING, MOST_TRAINING, QUEUES, Waiting, fairest, is_broken
from labs.selectors import living_hosts
from labs.services.finishing import Outcome, finish_run

TRIES = 5
BROKEN = "The lab could not finish this run, though nothing is wrong with the code. Run it again."


def claim_next(*, queue: str, worker: str, now: datetime) -> Run | None:
    """Take the fairest run that may start on this host, or None. Two workers never take the same one."""
    for _ in range(TRIES):
        run_id = fairest(waiting_in(queue, worker))
        if run_id is None:
            return None
        if _take(run_id, worker, now):
            return Run.objects.select_related("lab", "session").get(pk=run_id)
    return None


def _take(run_id: str, worker: str, now: datetime) -> bool:
    """The learner's living runs are the lock: two workers that count their places wait for each other."""
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
    except IntegrityError:  # another run of the session began in between
        return False
    return taken == 1


def waiting_in(queue: str, worker: str) -> list[Waiting]:
    """Each learner's oldest run that may start now: three statements at most, however many wait."""
    running = list(
        Run.objects.filter(state=Run.State.RUNNING).values_list("learner_id", "session_id", "queue", "worker")
    )
    mine = sum(each[2:] == ("training", worker) for each in running)
    if queue == "training" and mine >= MOST_TRAINING:
        return []
    busy = [session for _, session, _, _ in running if session]
    rows = Run.objects.filter(state=Run.State.QUEUED, queue=queue).exclude(session__in=busy)
    heads = _oldest_of_each(rows.filter(Q(session=None) | Q(session__runner__in=("", sandbox.HOST))))
    last = _last_turns([learner for _, learner, _ in heads])
    counts = Counter(learner for learner, _, _, _ in running)
    return [Waiting(run, at, counts[learner], last.get(learner)) for run, learner, at in heads]


def _last_turns(learners: list[int]) -> dict[int, datetime | None]:
    """When each last had a turn; nobody asks where there is one alone."""
    if len(learners) < 2:
        return {}
    started = Run.objects.filter(learner__in=learners).values_list("learner_id").annotate(Max("started_at"))
    return dict(started.order_by())


def _oldest_of_each(rows: QuerySet[Run]) -> list[tuple[str, int, datetime]]:
    place = Window(RowNumber(), partition_by=F("learner_id"), order_by=[F("created_at").asc(), F("pk").asc()])
    return list(rows.annotate(place=place).filter(place=1).values_list("pk", "learner_id", "created_at"))


def renew_leases(*, claims: Collection[str], worker: str, now: datetime) -> None:
    """The worker is alive and at work on these."""
    rows = Run.objects.filter(pk__in=claims, worker=worker, state=Run.State.RUNNING)
    rows.update(lease_until=now + LEASE)


def give_back(*, run: Run, is_loss: bool, now: datetime) -> None:
    """To the queue again, unless someone else has it by now; a run lost too often is broken."""
    losses = run.losses + is_loss
    if is_broken(losses):
        finish_run(run=run, outcome=Outcome("broken", BROKEN), now=now)
        return
    rows = Run.objects.filter(pk=run.pk, claim=run.claim, state=Run.State.RUNNING)
    rows.update(state=Run.State.QUEUED, worker="", lease_until=None, losses=losses)


def requeue_lost(*, now: datetime) -> int:
    """Runs of workers that died go back to the queue; workers are woken for whatever has waited too long.

    Returns how many were lost. A message that never arrived costs one sweep, a doubled one nothing.
    """
    lost = list(Run.objects.filter(state=Run.State.RUNNING, lease_until__lt=now))
    for run in lost:
        give_back(run=run, is_loss=True, now=now)
    stale = Run.objects.filter(state=Run.State.QUEUED, created_at__lt=now - LONGEST_WAIT)
    _free_sessions(stale, now)
    for queue in QUEUES:
        if lost or stale.filter(queue=queue).exists():
            send(queue)
    return len(lost)


def _free_sessions(stale: QuerySet[Run], now: datetime) -> None:
    """A session whose host is gone must not hold its runs for ever: another host opens it anew."""
    Session.objects.filter(runs__in=stale).exclude(runner__in=living_hosts(now)).update(runner="")
