"""Run a lab's stored test runs again with its tests as they are now, one after another, in the background.

Only the results are stored. They count once an instructor applies them (`labs.services.regrading`). Any worker
may run the next one, under a lease.
"""

import logging
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from foundation.queue import wake
from labs import sandbox
from labs.models import HAS_CODE, Lab, Retest, RetestedRun, Run
from labs.queue import RUN_NEXT_RETEST
from labs.refusals import Refusal
from labs.retests import retest_in
from labs.rules.hosts import host_for
from labs.rules.regrading import judging_digest
from labs.rules.results import Rows
from labs.services.erasing import without_messages
from labs.services.executing import Clock
from labs.services.hosts import open_hosts
from labs.services.leases import Leases, NoPlace, wake_for
from labs.services.work_folders import files_to_place
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

log = logging.getLogger(__name__)


def begin_retest(*, course: "Course", lab_id: str, author: "User", now: datetime) -> Retest:
    """Begin to run a lab's stored test runs again with its published tests. Workers do it, one run after another.

    Raises Refusal not_found, nothing_to_retest, retest_running.
    """
    lab = Lab.objects.filter(pk=lab_id, course=course, is_retired=False).first()
    if lab is None:
        raise Refusal("not_found")
    digest = judging_digest(lab.probes, lab.files)
    total = runs_to_retest(lab, digest).count()
    if not total:
        raise Refusal("nothing_to_retest")
    values = {"probes": lab.probes, "files": lab.files, "digest": digest, "total": total}
    try:
        with transaction.atomic():
            retest = Retest.objects.create(lab=lab, author=author, created_at=now, lease_until=now, **values)
            record_audit(
                actor=author,
                action="begin_retest",
                now=now,
                course=course,
                target=f"lab:{lab.pk}",
                details={"retest": retest.pk, "runs": total},
            )
            wake(RUN_NEXT_RETEST, retest.pk)
    except IntegrityError:
        raise Refusal("retest_running") from None
    return retest


def cancel_retest(*, course: "Course", retest_id: int, now: datetime) -> Retest:
    """End a retest before it has run everything, so that it can never be applied. One that has ended does not change.

    Raises Refusal not_found.
    """
    retest = retest_in(course.pk, retest_id)
    Retest.objects.filter(pk=retest.pk, finished_at=None).update(finished_at=now, is_canceled=True)
    return retest_in(course.pk, retest_id)


def runs_to_retest(lab: Lab, digest: str) -> QuerySet[Run]:
    """Return the test runs of a lab whose code is kept and which other tests judged than those of this digest."""
    rows = Run.objects.filter(lab=lab, mode=Run.Mode.TEST, verdict="succeeded", tests__isnull=False)
    return rows.filter(HAS_CODE).exclude(judged_by=digest)


def run_next_retest(*, retest_id: int, clock: Clock, leases: Leases | None = None) -> bool:
    """Run one stored test run again, and store its results. Return whether there may be another to run now.

    `leases` are those of this process. Without them, the lease is not renewed while the run goes on.
    """

    def step() -> bool:
        return _run_next(Retest.objects.select_related("lab").get(pk=retest_id), clock)

    return (leases or Leases()).do_next(Retest, retest_id, step, clock)


def _run_next(retest: Retest, clock: Clock) -> bool:
    """Run the next run of a retest, or finish the retest after the last one. Raises NoPlace."""
    done = RetestedRun.objects.filter(retest=retest).values("run")
    waiting = runs_to_retest(retest.lab, retest.digest).filter(created_at__lte=retest.created_at).exclude(pk__in=done)
    run = waiting.order_by("pk").first()
    if run is None:
        Retest.objects.filter(pk=retest.pk, finished_at=None).update(finished_at=clock())
        return False
    _store_results(retest, run, _results_of(retest, run))
    return True


@transaction.atomic
def _store_results(retest: Retest, run: Run, tests: Rows | None) -> None:
    """Store the results, without what may quote the learner's code if the learner was erased while it ran."""
    owned = Run.objects.filter(pk=run.pk)
    list(owned.select_for_update(no_key=True).values("pk"))  # an erasure that is under way writes the run first
    if not owned.filter(learner__erased_at=None).exists():
        tests = without_messages(tests)
    RetestedRun.objects.get_or_create(retest=retest, run=run, defaults={"tests": tests})


def _results_of(retest: Retest, run: Run) -> Rows | None:
    """Return the results of the run with the retest's tests; None if its code or a broken runner did not give any.

    Raises NoPlace.
    """
    running = Counter(Run.objects.filter(state=Run.State.RUNNING).values_list("runner", flat=True))
    host = host_for("", run.runtime, open_hosts(running))
    if host is None:
        raise NoPlace
    for attempt in range(sandbox.TRIES):
        try:
            *_, end = sandbox.test_cells(
                host,
                sandbox.attempt_name(f"{run.pk}-retest{retest.pk}", attempt),
                run.cells,
                probes={**retest.files, "probes.py": retest.probes},
                seed=run.seed,
                files=files_to_place(retest.lab, run.learner_id),
                runtime=run.runtime,
                limits=run.limits,
            )
        except (sandbox.RunnerGone, sandbox.Refused) as error:
            log.warning("run %s could not be retested now: %s", run.pk, error)
            raise NoPlace from None
        if end["verdict"] != "broken":
            return cast(Rows, end["tests"]) if end["verdict"] == "succeeded" else None
        log.warning("run %s broke in retest %s: %s", run.pk, retest.pk, end["message"])
    return None


def wake_for_retests(*, now: datetime) -> int:
    """Wake workers for abandoned retests. Return how many."""
    return wake_for(Retest, RUN_NEXT_RETEST, now)
