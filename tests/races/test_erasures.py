"""A person is erased while a worker stores the result of their test run: both succeed, in this order or the other."""

import threading

from labs.models import Run
from labs.services import RunOutcome, finish_run, finishing, order_lab_run
from operations.services import verify_grades
from portal.rights.services import erase_account
from tests import factories as make
from tests.labs.making import RIGHT, results_in
from tests.races.running import counted, in_threads
from tests.races.test_archiving import A_MOMENT, graded_lab

NOW = make.NOW
LONG_ENOUGH = 60  # seconds


def test_a_test_run_that_ends_and_the_erasure_of_its_learner_both_succeed(monkeypatch):
    """The worker waits between its run and the score while the erasure goes as far as it can."""
    monkeypatch.setattr("labs.services.ordering.wake_workers", lambda queue, host: None)
    lab = graded_lab()
    learner = make.enroll(course=lab.course)
    run = order_lab_run(learner=learner, lab=lab, cells=RIGHT, mode="test", now=NOW)
    has_written, is_erased = threading.Event(), threading.Event()
    keep_pages = finishing.keep_pages

    def keep_and_wait(**said):
        keep_pages(**said)
        has_written.set()
        is_erased.wait(A_MOMENT)

    monkeypatch.setattr(finishing, "keep_pages", keep_and_wait)

    def act(number):
        if number == 0:
            outcome = RunOutcome("succeeded", tests=results_in(lab, "passed"))
            return finish_run(run=run, outcome=outcome, now=NOW)
        assert has_written.wait(LONG_ENOUGH)
        erase_account(user_id=learner.pk, actor=None, reason="asked", now=NOW)
        is_erased.set()
        return None

    assert counted(in_threads(act, 2)) == {"ok": 2}
    assert list(Run.objects.values_list("verdict", "cells")) == [("succeeded", [])]
    assert list(verify_grades(now=NOW)) == []
