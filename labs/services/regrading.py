"""Regrades of a lab: let the results of a retest count, or no longer (D17). Both have a dry run.

A regrade keeps each run's own results. It stores those that count beside them, and computes the scores again. It does
so in one transaction, because a class whose runs a runner could run again is small enough for that.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction

from activities.kinds import Evidence
from activities.registry import evidence_for
from course.services import lock_course
from foundation.reasons import stated
from grading.services import Cause, Effect, GradeAction, ScoreEntry, foresee_scores, record_scores
from labs.models import Lab, LabRegrade, Retest, Run
from labs.refusals import Refusal
from labs.retests import CountedRun, counted_runs, lab_regrade_in, regrades_in_force, retest_in
from labs.rules.regrading import verdicts_in
from labs.rules.results import JudgedRun, have_all_passed
from labs.services.scoring import lab_entries
from mail.services import notify
from people.services import lock_learners
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

BATCH = 200  # runs in one statement


@dataclass(frozen=True)
class LabRegradePlan:
    """What a regrade of a lab would do: which runs get other results, and whose grade or certificate changes.

    `entries` are the new results of the learners of these runs, from which the effects follow.
    """

    retest: Retest
    lowers: bool
    changes: tuple[CountedRun, ...]
    entries: tuple[ScoreEntry, ...]
    effects: tuple[Effect, ...]

    @property
    def digest(self) -> str:
        """Return the digest to pass to apply, which then does exactly this or nothing."""
        runs = [(run.id, verdicts_in(run.supposed)) for run in self.changes]
        effects = [(effect.learner_id, effect.earned, effect.possible, effect.certificate) for effect in self.effects]
        return sha256(repr((self.retest.pk, self.lowers, runs, effects)).encode()).hexdigest()


def plan_lab_regrade(*, course: "Course", retest_id: int, lowers: bool = False, now: datetime) -> LabRegradePlan:
    """Return what a regrade with the results of this retest would do. Writes nothing.

    Without `lowers`, worse results do not count. Raises Refusal not_found, retest_unfinished, retest_applied.
    """
    retest, after = _with_retest(course, retest_id, lowers=lowers)
    return _plan(retest, after, Cause.REGRADE, now, lowers=lowers)


def plan_lab_undo(*, course: "Course", regrade_id: int, now: datetime) -> LabRegradePlan:
    """Return what an undo would do. Writes nothing. Raises Refusal not_found, nothing_to_undo."""
    regrade, after = _without(course, regrade_id)
    return _plan(regrade.retest, after, Cause.REGRADE_UNDONE, now, lowers=regrade.lowers)


@transaction.atomic
def apply_lab_regrade(
    *,
    course: "Course",
    retest_id: int,
    lowers: bool = False,
    reason: str,
    author: "User",
    now: datetime,
    expected: str | None = None,
) -> LabRegrade:
    """Let the results of a retest count, and compute the scores of its learners again.

    `expected` is a plan's digest: raises Refusal preview_stale if the plan has changed since. Also raises those of
    plan_lab_regrade, and reason_missing.
    """
    reason = stated(reason)
    _lock(course, retest_in(course.pk, retest_id).lab_id)
    plan = plan_lab_regrade(course=course, retest_id=retest_id, lowers=lowers, now=now)
    _refuse_stale(plan, expected)
    return _write_regrade(course, plan, None, reason, author, now)


@transaction.atomic
def undo_lab_regrade(
    *,
    course: "Course",
    regrade_id: int,
    reason: str,
    author: "User",
    now: datetime,
    expected: str | None = None,
) -> LabRegrade:
    """Undo a regrade of a lab by a further record. Every grade becomes what it would be without the regrade.

    Raises Refusal not_found, nothing_to_undo, preview_stale, reason_missing.
    """
    reason = stated(reason)
    regrade = lab_regrade_in(course.pk, regrade_id)
    _lock(course, regrade.retest.lab_id)
    plan = plan_lab_undo(course=course, regrade_id=regrade_id, now=now)
    _refuse_stale(plan, expected)
    return _write_regrade(course, plan, regrade, reason, author, now)


def _with_retest(course: "Course", retest_id: int, *, lowers: bool) -> tuple[Retest, list[LabRegrade]]:
    """Return the retest, and the regrades of its lab with one of this retest."""
    retest = retest_in(course.pk, retest_id)
    if retest.finished_at is None or retest.is_canceled:
        raise Refusal("retest_unfinished")
    in_force = regrades_in_force(retest.lab_id)
    if any(regrade.retest_id == retest.pk for regrade in in_force):
        raise Refusal("retest_applied")
    return retest, [*in_force, LabRegrade(retest=retest, lowers=lowers)]


def _without(course: "Course", regrade_id: int) -> tuple[LabRegrade, list[LabRegrade]]:
    """Return the regrade, and the regrades of its lab in force without it."""
    regrade = lab_regrade_in(course.pk, regrade_id)
    in_force = regrades_in_force(regrade.retest.lab_id)
    left = [other for other in in_force if other.pk != regrade.pk]
    if len(left) == len(in_force):
        raise Refusal("nothing_to_undo")
    return regrade, left


def _lock(course: "Course", lab_id: str) -> None:
    """Lock the course, so that loads wait, the lab, so that regrades of it wait, and all learners, whose scores change."""
    lock_course(course_id=course.pk)
    list(Lab.objects.select_for_update(no_key=True).filter(pk=lab_id).values_list("pk", flat=True))
    lock_learners(course_id=course.pk)


def _plan(
    retest: Retest,
    after: Sequence[LabRegrade],
    cause: Cause,
    now: datetime,
    *,
    lowers: bool,
) -> LabRegradePlan:
    """Return the plan for letting the regrades `after` be those in force."""
    runs, changes = _runs_after(retest.lab_id, after)
    entries = lab_entries(retest.lab, runs)
    effects = foresee_scores(entries, GradeAction(cause, now), _evidence(entries, now))
    return LabRegradePlan(retest, lowers, tuple(changes), tuple(entries), tuple(effects))


def _runs_after(lab_id: str, after: Sequence[LabRegrade]) -> tuple[dict[int, list[JudgedRun]], list[CountedRun]]:
    """Return the results that would count of each learner who has a run that changes, and these runs."""
    runs: defaultdict[int, list[JudgedRun]] = defaultdict(list)
    changes = []
    for run in counted_runs(lab_id, after):
        runs[run.learner_id].append(JudgedRun(run.supposed, run.ordered_at))
        if run.is_moved:
            changes.append(run)
    moved = {run.learner_id for run in changes}
    return {learner_id: results for learner_id, results in runs.items() if learner_id in moved}, changes


def _evidence(entries: Sequence[ScoreEntry], now: datetime) -> dict[int, Evidence]:
    """Return the evidence for each learner who may get a certificate."""
    by_learner = {entry.learner_id: evidence_for(entry, now) for entry in entries if entry.is_new and entry.may_certify}
    return {learner_id: evidence for learner_id, evidence in by_learner.items() if evidence is not None}


def _refuse_stale(plan: LabRegradePlan, expected: str | None) -> None:
    if expected is not None and plan.digest != expected:
        raise Refusal("preview_stale")


def _write_regrade(
    course: "Course",
    plan: LabRegradePlan,
    undoes: LabRegrade | None,
    reason: str,
    author: "User",
    now: datetime,
) -> LabRegrade:
    """Store the regrade, the results that count, the scores that follow, the audit and the notices."""
    lab = plan.retest.lab
    regrade = LabRegrade.objects.create(
        retest=plan.retest, lowers=plan.lowers, undoes=undoes, reason=reason, author=author, created_at=now
    )
    rows = [Run(pk=run.id, regraded=run.regrade, has_passed=have_all_passed(run.supposed)) for run in plan.changes]
    Run.objects.bulk_update(rows, ["regraded", "has_passed"], batch_size=BATCH)
    cause = Cause.REGRADE if undoes is None else Cause.REGRADE_UNDONE
    action = GradeAction(cause, now, author.pk, reason, source_id=regrade.pk)
    effects = record_scores(plan.entries, action, _evidence(plan.entries, now))
    notified = {effect.learner_id for effect in effects if len({*effect.earned}) > 1 or len({*effect.possible}) > 1}
    notify(what="lab_regrade", key=str(regrade.pk), course_id=course.pk, user_ids=sorted(notified), now=now)
    record_audit(
        actor=author,
        action="undo_lab_regrade" if undoes else "regrade_lab",
        now=now,
        course=course,
        target=f"lab:{lab.pk}",
        reason=reason,
        details={"lab_regrade": regrade.pk, "retest": plan.retest.pk, "runs": len(plan.changes)},
    )
    return regrade
