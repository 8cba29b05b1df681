"""Try an author's version of a lab in the lab runner before anyone else sees it, one trial after another.

Any worker may carry out the next trial, under a lease. The author's code runs only in the runner's sandboxes.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError, transaction

from foundation.queue import wake
from labs import sandbox
from labs.models import PassedTryout, Run, Tryout
from labs.queue import RUN_NEXT_TRIAL
from labs.refusals import Refusal
from labs.rules.hosts import host_for
from labs.rules.trying import tried_digest
from labs.services.executing import Clock
from labs.services.hosts import open_hosts
from labs.services.leases import Leases, NoPlace, wake_for
from labs.services.trials import (
    SEED,
    UNFIT,
    RunCells,
    RunnerEvent,
    Trial,
    TriedLab,
    end_of_refused,
    planned_trials,
    rehearse_near_misses,
    run_trial,
)

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

FAILED = (
    "The site could not carry out this trial, so the rest was not tried. Your drafts are safe. Try the lab again. If this "
    "happens again, ask the administrators: the worker's log says why."
)
log = logging.getLogger(__name__)


@transaction.atomic
def begin_tryout(
    *,
    course: "Course",
    folder: str,
    files: Mapping[str, str],
    runtime: str,
    limits: Mapping[str, int],
    author: "User",
    now: datetime,
) -> Tryout:
    """Begin to try these files as the lab in `folder`. An earlier tryout of this lab by the same author ends.

    Raises Refusal tryout_running if the author is trying another lab.
    """
    Tryout.objects.filter(author=author, course=course, folder=folder).delete()
    if Tryout.objects.filter(author=author, finished_at=None).exists():
        raise Refusal("tryout_running")
    values = {"files": dict(files), "runtime": runtime, "limits": dict(limits)}
    tryout = Tryout.objects.create(
        author=author, course=course, folder=folder, created_at=now, lease_until=now, **values
    )
    wake(RUN_NEXT_TRIAL, tryout.pk)
    return tryout


def end_tryout(*, author: "User", course: "Course", folder: str, now: datetime) -> None:
    """End the author's tryout of this lab before all trials are done. Those that are done stay."""
    Tryout.objects.filter(author=author, course=course, folder=folder, finished_at=None).update(finished_at=now)


def run_next_trial(*, tryout_id: str, clock: Clock, leases: Leases | None = None) -> bool:
    """Carry out the next trial of a tryout, and store its result. Return whether there is another one to carry out now.

    `leases` are those of this process. Without them, the lease is not renewed while the trial goes on.
    """
    held = leases or Leases()
    return held.do_next(Tryout, tryout_id, lambda: _carry_out_next(tryout_id, clock, held), clock)


def _carry_out_next(tryout_id: str, clock: Clock, leases: Leases) -> bool:
    """Store the result of the next trial, unless another worker has taken over. Raises NoPlace.

    A trial that fails for any other reason ends the tryout, because it would fail again each time.
    """
    tryout = Tryout.objects.filter(pk=tryout_id).first()
    if tryout is None:  # the author began another one at this moment
        return False
    try:
        return _store(tryout, _next_trial(tryout), clock, leases)
    except (NoPlace, OperationalError, InterfaceError):
        raise  # no runner or no database now: the trial is carried out later
    except ValueError as error:
        trial = Trial("variants.py", (f"{error}.",))
    except Exception:
        log.exception("tryout %s failed in the worker", tryout.pk)
        trial = Trial(f"trial {len(tryout.results) + 1}", (FAILED,))
    tryout.asked, tryout.total = None, 0
    return _store(tryout, trial, clock, leases)


def _store(tryout: Tryout, trial: Trial, clock: Clock, leases: Leases) -> bool:
    """Store the result of a trial. Return whether it is ours to store and others are to follow."""
    results = [*tryout.results, {"name": trial.name, "problems": list(trial.problems)}]
    is_over = len(results) >= tryout.total
    done = {"results": results, "asked": tryout.asked, "total": max(tryout.total, len(results))}
    now = clock()
    with leases.row(Tryout, tryout.pk) as rows:
        is_stored = rows.filter(finished_at=None).update(**done, finished_at=now if is_over else None)
        if is_stored and is_over and not any(result["problems"] for result in results):
            record_passed(digest=tried_digest(tryout.files, tryout.runtime, tryout.limits), now=now)
    return bool(is_stored) and not is_over


def record_passed(*, digest: str, now: datetime) -> None:
    """Record that this version of a lab's programs passed every trial, so that it may be published."""
    PassedTryout.objects.get_or_create(digest=digest, defaults={"passed_at": now})


def _next_trial(tryout: Tryout) -> Trial:
    """Carry out the next trial. Raises NoPlace, and ValueError if the variants are written wrong."""
    lab = TriedLab(tryout.files, tryout.runtime, tryout.limits)
    run_cells = _on_a_host(tryout)
    if tryout.asked is None:
        rehearsed = rehearse_near_misses(lab, run_cells)
        tryout.asked, tryout.total = rehearsed.asked, 1
        if rehearsed.asked is not None:
            tryout.total += len(planned_trials(lab, rehearsed.asked))
        return rehearsed.trial
    return run_trial(lab, planned_trials(lab, tryout.asked)[len(tryout.results) - 1], run_cells)


def _on_a_host(tryout: Tryout) -> RunCells:
    """Return how cells run on the host with the most room. Raises NoPlace, then or later."""
    running = Counter(Run.objects.filter(state=Run.State.RUNNING).values_list("runner", flat=True))
    host = host_for("", tryout.runtime, open_hosts(running))
    if host is None:
        raise NoPlace
    name = f"{tryout.pk}-trial{len(tryout.results)}"

    def run_cells(
        cells: list[dict[str, str]], probes: dict[str, str] | None, limits: dict[str, int]
    ) -> Iterable[RunnerEvent]:
        runtime, events = tryout.runtime, list[RunnerEvent]()
        for attempt in range(sandbox.TRIES):
            run_id = sandbox.attempt_name(name, attempt)
            try:
                if probes is None:
                    events = list(sandbox.run_cells(host, run_id, cells, runtime=runtime, limits=limits))
                else:
                    tested = sandbox.test_cells(
                        host, run_id, cells, probes=probes, seed=SEED, files={}, runtime=runtime, limits=limits
                    )
                    events = list(tested)
            except (sandbox.RunnerGone, sandbox.Refused) as error:
                if isinstance(error, sandbox.Refused) and error.code == UNFIT:
                    return [end_of_refused(error)]
                log.warning("tryout %s cannot go on now: %s", tryout.pk, error)
                raise NoPlace from None
            if events[-1]["verdict"] != "broken":
                break
        return events

    return run_cells


def wake_for_tryouts(*, now: datetime) -> int:
    """Wake workers for abandoned tryouts. Return how many."""
    return wake_for(Tryout, RUN_NEXT_TRIAL, now)
