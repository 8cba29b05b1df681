"""A corrected test of a graded lab: stored test runs are run again, and their results count once they are applied (D17)."""

from datetime import timedelta

import pytest
from django.core import serializers

from foundation.refusals import Refusal
from grading.models import Certificate, GradeChange, Score
from grading.selectors import certificate_of
from grading.services import Cause, GradeAction
from labs.models import Lab, LabRegrade, Retest, RetestedRun, Run
from labs.retests import labs_to_regrade, retest_in, scored_runs, unjudged_runs
from labs.rules.regrading import judging_digest
from labs.selectors import results_of, states_of
from labs.services import (
    apply_lab_regrade,
    begin_retest,
    cancel_retest,
    erase_lab_work,
    plan_lab_regrade,
    plan_lab_undo,
    rescore_labs,
    retesting,
    run_next_retest,
    undo_lab_regrade,
    wake_for_retests,
)
from mail.models import Mail
from operations.services import verify_grades
from portal.rights.services import erase_account, seal_waiting
from records.models import AuditEntry, Seal
from tests import factories as make
from tests.factories import NOW
from tests.labs.making import RIGHT, START, make_lab, make_retest, make_test_run
from tests.labs.test_grading import load, shown

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
TABLES = (Run, Score, Certificate)


@pytest.fixture
def lab():
    return Lab.objects.get(course=load())


@pytest.fixture
def teacher(lab):
    return make.enroll(course=lab.course, user=make.make_user(is_staff=True), role="instructor")


@pytest.fixture
def learner(lab):
    return make.enroll(course=lab.course)


def score(lab):
    """Record the scores of runs that a test made without the worker."""
    action = GradeAction(Cause.LAB_TESTS, NOW)
    rescore_labs(course_id=lab.course_id, action=action)


def plan(retest, **fields):
    said = {"course": retest.lab.course, "retest_id": retest.pk, "now": LATER}
    return plan_lab_regrade(**said, **fields)


def apply(retest, teacher, **fields):
    said = {"course": retest.lab.course, "retest_id": retest.pk, "now": LATER}
    return apply_lab_regrade(author=teacher, reason="The test was wrong.", **said, **fields)


def undo(regrade, teacher, **fields):
    said = {"course": regrade.retest.lab.course, "regrade_id": regrade.pk, "now": LATER}
    return undo_lab_regrade(author=teacher, reason="It was right.", **said, **fields)


def stored():
    """Return every row that a grade follows from or consists of, without the times of writing."""
    text = serializers.serialize("python", [row for model in TABLES for row in model.objects.order_by("pk")])
    for row in text:
        row["fields"].pop("changed_at", None)
    return text


def refused(act):
    with pytest.raises(Refusal) as found:
        act()
    return found.value.code


def test_a_regrade_gives_the_points_of_the_corrected_tests_and_its_undo_takes_them_back(lab, teacher, learner):
    first = make_test_run(lab, learner, "failed", "passed")
    score(lab)
    before = stored()
    retest = make_retest(lab, teacher, {first.pk: ("passed", "passed")})
    (effect,) = plan(retest).effects
    assert (effect.learner_id, effect.earned, effect.before.percent, effect.after.percent) == (
        *(learner.pk, (3, 4), "60.0", "80.0"),
    )
    assert stored() == before
    regrade = apply(retest, teacher, expected=plan(retest).digest)
    assert shown(learner, lab) == ("4", "4", "100.0", "done")
    assert (results_of(lab, learner.pk).passed, states_of(lab.course_id, learner.pk)) == (True, {lab.pk: "done"})
    (run,) = scored_runs(lab.pk, learner.pk, None)
    assert (run.is_regraded, run.counts, [row["verdict"] for row in run.tests]) == (True, True, ["passed", "passed"])
    assert (Run.objects.get().tests[0]["verdict"], list(verify_grades(now=LATER))) == ("failed", [])
    undo(regrade, teacher, expected=plan_lab_undo(
        course=lab.course, regrade_id=regrade.pk, now=LATER
    ).digest)  # fmt: skip
    assert (shown(learner, lab), list(verify_grades(now=LATER))) == (("3", "4", "75.0", "in_progress"), [])
    assert Run.objects.filter(regraded__isnull=True, has_passed=False).count() == 1
    assert [row for row in stored() if row["model"] != "grading.certificate"] == before
    changes = GradeChange.objects.order_by("pk").values_list("points_earned", "cause", "source_id")
    assert list(changes)[1:] == [(4, "regrade", regrade.pk), (3, "regrade undone", regrade.undone_by.pk)]


def test_a_certificate_follows_a_regrade_and_its_undo(lab, teacher, learner):
    run = make_test_run(lab, learner, "failed", "passed")
    score(lab)
    retest = make_retest(lab, teacher, {run.pk: ("passed", "passed")})
    assert [found.certificate for found in plan(retest).effects] == ["issued"]
    regrade = apply(retest, teacher)
    assert certificate_of(learner.pk, lab.course_id) is not None
    undo(regrade, teacher)
    assert (certificate_of(learner.pk, lab.course_id).is_valid, list(verify_grades(now=LATER))) == (*(False, []),)


def test_worse_results_lower_points_only_if_the_regrade_may(lab, teacher, learner):
    run = make_test_run(lab, learner, "failed", "passed")
    score(lab)
    retest = make_retest(lab, teacher, {run.pk: ("failed", "failed")})
    assert (plan(retest).changes, len(plan(retest, lowers=True).effects)) == ((), 1)
    apply(retest, teacher, lowers=True)
    assert (shown(learner, lab)[:2], list(verify_grades(now=LATER))) == (("0", "4"), [])


def test_learners_whose_points_moved_are_told_and_the_audit_keeps_the_reason(lab, teacher, learner):
    moved, same = (
        make_test_run(lab, learner, "failed", "passed"),
        make_test_run(lab, make.enroll(course=lab.course), "passed", "failed"),
    )
    score(lab)
    apply(make_retest(lab, teacher, {moved.pk: ("passed", "passed"), same.pk: ("failed", "passed")}), teacher)
    told = Mail.objects.filter(facts__what="lab_regrade").values_list("user", flat=True)
    assert set(told) == {learner.pk, same.learner_id}
    entry = AuditEntry.objects.get(action="regrade_lab")
    assert (entry.target, entry.reason, entry.actor) == (f"lab:{lab.pk}", "The test was wrong.", teacher)


def test_a_preview_is_stale_once_a_learner_has_better_results_of_their_own(lab, teacher, learner):
    run = make_test_run(lab, learner, "failed", "passed")
    score(lab)
    retest = make_retest(
        lab, teacher, {run.pk: ("passed", "failed"), make_test_run(lab, learner, "failed", "failed").pk: None}
    )
    expected = plan(retest, lowers=True).digest
    make_test_run(lab, learner, "passed", "passed")
    score(lab)
    assert refused(lambda: apply(retest, teacher, lowers=True, expected=expected)) == "preview_stale"
    assert unjudged_runs(retest) == 1


def test_results_count_only_once_and_only_when_all_runs_were_run_again(lab, teacher, learner):
    run = make_test_run(lab, learner, "failed", "passed")
    retest = begin_retest(course=lab.course, lab_id=lab.pk, author=teacher, now=NOW)
    assert refused(lambda: begin_retest(course=lab.course, lab_id=lab.pk, author=teacher, now=NOW)) == "retest_running"
    assert refused(lambda: plan(retest)) == "retest_unfinished"
    assert cancel_retest(course=lab.course, retest_id=retest.pk, now=NOW).is_canceled
    assert refused(lambda: apply(retest, teacher)) == "retest_unfinished"
    regrade = apply(again := make_retest(lab, teacher, {run.pk: ("passed", "passed")}), teacher)
    assert refused(lambda: apply(again, teacher)) == "retest_applied"
    undo(regrade, teacher)
    assert refused(lambda: undo(regrade, teacher)) == "nothing_to_undo"
    assert apply(again, teacher).pk > regrade.pk


def test_results_that_no_regrade_made_count_are_a_difference(lab, teacher, learner):
    run = make_test_run(lab, learner, "failed", "passed")
    score(lab)
    apply(make_retest(lab, teacher, {run.pk: ("passed", "passed")}), teacher)
    Run.objects.update(regraded=None)
    assert next(iter(verify_grades(now=LATER))) == (
        f"run {run.pk}: the results that count are not those of the regrades in force"
    )


def test_a_regrade_of_a_lab_is_sealed_in_the_chain_of_its_course(lab, teacher, learner):
    run = make_test_run(lab, learner, "failed", "passed")
    regrade = apply(make_retest(lab, teacher, {run.pk: ("passed", "passed")}), teacher)
    seal_waiting(now=LATER + timedelta(days=1))
    assert Seal.objects.filter(kind="lab_regrade").values_list("record", "course", "learner").get() == (
        *(regrade.pk, lab.course_id, None),
    )


def test_erasing_a_learner_removes_the_messages_and_keeps_what_counts(lab, teacher, learner):
    run = make_test_run(lab, learner, "failed", "passed")
    score(lab)
    apply(make_retest(lab, teacher, {run.pk: ("passed", "failed")}), teacher, lowers=True)
    erase_lab_work(learner_id=learner.pk, now=LATER)
    run.refresh_from_db()
    kept = [run.tests, run.regraded, RetestedRun.objects.get().tests]
    assert {frozenset(row) for rows in kept for row in rows} == {frozenset({"name", "points", "verdict"})}
    assert (shown(learner, lab)[0], list(verify_grades(now=LATER))) == ("1", [])


def test_a_retest_that_runs_while_its_learner_is_erased_keeps_only_what_counts(lab, teacher, learner, monkeypatch):
    run = make_test_run(lab, learner, "failed", "passed")
    retest = begin_retest(course=lab.course, lab_id=lab.pk, author=teacher, now=NOW)

    def erase_and_answer(_retest, _run):
        erase_account(user_id=learner.pk, actor=None, reason="asked", now=LATER)
        return [{"name": "one", "verdict": "failed", "points": 1, "message": "their own words"}]

    monkeypatch.setattr(retesting, "_results_of", erase_and_answer)
    run_next_retest(retest_id=retest.pk, clock=lambda: LATER)
    assert RetestedRun.objects.get(run=run).tests == [{"name": "one", "verdict": "failed", "points": 1}]


def test_only_runs_with_code_that_other_tests_judged_are_run_again(lab, teacher, learner):
    assert (
        refused(lambda: begin_retest(course=lab.course, lab_id=lab.pk, author=teacher, now=NOW)) == "nothing_to_retest"
    )
    make_test_run(lab, learner, "failed", "passed")
    now, emptied = make_test_run(lab, learner, "failed", "passed"), make_test_run(lab, learner, "failed", "passed")
    Run.objects.filter(pk=now.pk).update(judged_by=judging_digest(lab.probes, lab.files))
    Run.objects.filter(pk=emptied.pk).update(size=0, cells=[])
    (found,) = labs_to_regrade(lab.course_id)
    assert (found.current, found.others, found.emptied) == (1, 1, 1)
    assert begin_retest(course=lab.course, lab_id=lab.pk, author=teacher, now=NOW).total == 1


def test_a_lease_lets_one_worker_at_a_time_continue_and_a_lost_one_be_replaced(lab, teacher, learner):
    make_test_run(lab, learner, "failed", "passed")
    retest = begin_retest(course=lab.course, lab_id=lab.pk, author=teacher, now=NOW)
    assert wake_for_retests(now=NOW) == 1
    Retest.objects.update(lease_until=LATER)
    assert not run_next_retest(retest_id=retest.pk, clock=lambda: NOW)
    assert (wake_for_retests(now=NOW), wake_for_retests(now=LATER)) == (0, 1)


def test_stored_runs_are_run_again_in_the_real_runner_with_the_tests_as_they_are_now(runner, teacher):
    lab = make_lab()
    right, wrong = (
        make_test_run(lab, make.enroll(course=lab.course), "failed", cells=cells) for cells in (RIGHT, START)
    )
    retest = begin_retest(course=lab.course, lab_id=lab.pk, author=teacher, now=NOW)
    while run_next_retest(retest_id=retest.pk, clock=lambda: LATER):
        pass
    found = retest_in(lab.course_id, retest.pk)
    assert (found.done, found.total, found.finished_at, found.is_canceled) == (2, 2, LATER, False)
    rows = {each.run_id: [row["verdict"] for row in each.tests] for each in RetestedRun.objects.all()}
    assert rows == {right.pk: ["passed"], wrong.pk: ["failed"]}
    assert LabRegrade.objects.count() == 0


def test_a_runner_that_is_away_leaves_the_run_for_later(lab, teacher, learner, settings, tmp_path):
    settings.RUNNER_SOCKET = tmp_path / "nobody"
    make_test_run(lab, learner, "failed", "passed")
    retest = begin_retest(course=lab.course, lab_id=lab.pk, author=teacher, now=NOW)
    assert not run_next_retest(retest_id=retest.pk, clock=lambda: NOW)
    assert (retest_in(lab.course_id, retest.pk).done, wake_for_retests(now=NOW), wake_for_retests(now=LATER)) == (
        0,
        0,
        1,
    )
