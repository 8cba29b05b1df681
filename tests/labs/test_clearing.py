"""Leftovers of labs are deleted in time, and whatever still counts stays."""

import os
from datetime import timedelta

import pytest

from labs import sandbox, streams
from labs.models import HAS_CODE, Lab, Run, Session
from labs.retests import labs_to_regrade
from labs.selectors import whole_runs
from labs.services import RunOutcome, claim_next, clear_leftovers, erase_lab_work, finish_run, order_lab_run
from tests.factories import NOW
from tests.labs.making import RIGHT, make_lab, make_learner, make_test_run
from tests.labs.test_grading import load

pytestmark = pytest.mark.django_db


def ran(lab, learner, mode="test"):
    """Make a finished run with a line of output."""
    run = order_lab_run(learner=learner, lab=lab, cells=RIGHT, mode=mode, now=NOW)
    claimed = claim_next(queue="quick", worker="here/1", now=NOW)
    rows = [{"name": "Doubles", "verdict": "passed", "message": "", "tolerance": "", "points": 2}]
    outcome = RunOutcome(
        "succeeded", outputs=[{"seq": 1, "cell": "2", "data": {}}], tests=rows if mode == "test" else None
    )
    finish_run(run=claimed, outcome=outcome, now=NOW)
    return run


def cleared(**times):
    """Return what was cleared, by kind. Streams are left out: their files have real times, and another test covers them."""
    found = clear_leftovers(now=NOW + timedelta(**times))
    return {kind: count for kind, count in found.items() if count and kind != "streams"}


def test_a_session_without_runs_ends_after_a_day_and_its_row_goes_a_week_later_but_not_its_runs():
    lab = make_lab()
    run = ran(lab, make_learner(lab), mode="all")
    assert cleared(days=1) == {}
    assert cleared(days=1, seconds=1) == {"ended": 1}
    assert cleared(days=8, seconds=1) == {}
    assert cleared(days=8, seconds=2) == {"sessions": 1}
    run.refresh_from_db()
    assert (run.session, run.folder, run.verdict) == (None, run.pk, "succeeded")
    assert Session.objects.count() == 0


def test_the_code_and_output_of_a_run_go_after_a_month_and_its_verdict_and_tests_stay():
    lab = make_lab()
    run = ran(lab, make_learner(lab))
    assert cleared(days=30) == {}
    assert cleared(days=30, seconds=1) == {"runs": 1}
    assert cleared(days=31) == {}
    found = Run.objects.get(pk=run.pk)
    assert (found.outputs, found.verdict, found.has_passed, len(found.tests)) == ([], "succeeded", True, 1)
    assert (found.cells, found.silent, found.size) == ([], [], 0)


def test_the_code_of_the_test_run_that_counts_in_a_grade_stays_without_its_output():
    lab = Lab.objects.get(course=load())
    learner = make_learner(lab)
    worse, best = (make_test_run(lab, learner, "failed", verdict) for verdict in ("failed", "passed"))
    Run.objects.update(outputs=[{"seq": 1, "cell": "2", "data": {}}], has_output=True)
    assert cleared(days=31) == {"runs": 2}
    assert cleared(days=32) == {}
    assert {run.pk: (run.cells, run.outputs, run.has_output, run.size) for run in Run.objects.all()} == {
        worse.pk: ([], [], False, 0),
        best.pk: (RIGHT, [], False, 0),
    }
    assert [run["id"] for run in whole_runs(learner.pk, None)] == [best.pk]
    assert labs_to_regrade(lab.course_id, lab.pk)[0].emptied == 1
    better = make_test_run(lab, learner, "passed", "passed")
    assert cleared(days=33) == {"runs": 1}
    assert {run.pk: bool(run.cells) for run in Run.objects.all()} == {worse.pk: False, best.pk: False, better.pk: True}
    erase_lab_work(learner_id=learner.pk, now=NOW)
    assert Run.objects.filter(HAS_CODE).count() == 0


def test_the_operator_sets_how_long_code_and_output_are_kept(settings):
    settings.RUNS_KEPT = timedelta(days=2)
    lab = make_lab()
    ran(lab, make_learner(lab))
    assert cleared(days=2) == {}
    assert cleared(days=2, seconds=1) == {"runs": 1}


def test_streams_of_an_hour_ago_and_probes_of_yesterday_go_and_what_is_used_stays(settings):
    settings.REDIS_URL = ""
    streams.append("old", {"event": "one"})
    os.utime(settings.DATA / "streams" / "old.jsonl", (1000, 1000))
    assert clear_leftovers(now=NOW)["streams"] == 1
    old, used = (sandbox.place_probes({"probes.py": text}).parent for text in ("a", "b"))
    os.utime(old, (1000, 1000))
    os.utime(used, (2000, 2000))
    assert sandbox.remove_old_probes(1000 + sandbox.PROBES_KEPT + 1) == 1
    assert [folder.name for folder in (settings.DATA / "probes").iterdir()] == [used.name]
    assert sandbox.place_probes({"probes.py": "a"}).read_text() == "a"
