"""Runs through a real runner, calling the worker's task as a function."""

import json
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.conf import settings

from foundation.refusals import Refusal
from labs import sandbox, services
from labs.models import Run, Session
from labs.selectors import position_of, queue_positions, results_of, states_of
from labs.services import claiming
from labs.tasks import run_waiting
from tests import factories as make
from tests.factories import NOW
from tests.labs.lives import wait_until
from tests.labs.making import RIGHT, START, make_lab, make_learner, order, text_of
from tests.runner.conftest import open_folder, start
from tests.runner.copies import short_copy
from tests.runner.stations import FIRST_USER_OF_A_SECOND, offered

pytestmark = pytest.mark.django_db
WORKER = "here/1"


def later(seconds):
    return NOW + timedelta(seconds=seconds)


def claim(queue="quick", worker=WORKER, seconds=0):
    return services.claim_next(queue=queue, worker=worker, now=later(seconds))


def fresh(run):
    return Run.objects.get(pk=run.pk)


def streamed(run):
    return [json.loads(line) for line in (settings.DATA / "streams" / f"{run.pk}.jsonl").read_text().splitlines()]


def order_in(lab, learner, cells=RIGHT, mode="all", cell=None, now=NOW):
    return services.order_lab_run(learner=learner, lab=lab, cells=cells, mode=mode, cell=cell, now=now)


def test_code_is_queued_run_and_given_its_verdict_and_output(runner):
    learner = make_learner()
    good, bad = order(learner, "print(6 * 7)"), order(learner, "1 / 0", later(1))
    assert (good.state, position_of(good), position_of(bad)) == ("queued", 1, 2)
    assert run_waiting("quick") == 2
    good, bad = fresh(good), fresh(bad)
    assert (good.state, good.verdict, text_of(good), position_of(good)) == ("finished", "succeeded", "42\n", None)
    assert bad.verdict == "failed"
    assert run_waiting("quick") == 0  # a duplicate message finds nothing to do


def test_cells_share_a_live_session_until_it_is_reset(runner):
    lab = make_lab()
    learner = make_learner(lab)
    first = order_in(lab, learner, mode="cell", cell="2")
    second = order_in(lab, learner, [{"id": "4", "source": "print(step)"}], mode="cell", cell="4", now=later(1))
    run_waiting("quick")
    assert (fresh(first).verdict, text_of(fresh(second))) == ("succeeded", "1\n")
    services.end_session(learner=learner, place_id=f"lab:{lab.pk}", now=later(2))
    third = order_in(lab, learner, [{"id": "4", "source": "print(step)"}], mode="cell", cell="4", now=later(3))
    run_waiting("quick")
    assert fresh(third).verdict == "failed"
    assert Session.objects.filter(ended_at__isnull=False, runner="").count() == 1


def test_run_all_stops_what_goes_on_and_waits_in_the_session_before(runner, monkeypatch):
    opened, open_session = [], sandbox.open_session
    monkeypatch.setattr(sandbox, "open_session", lambda *at, **by: (opened.append(at[1]), open_session(*at, **by)))
    lab = make_lab()
    learner = make_learner(lab)
    first = order_in(lab, learner, mode="cell", cell="2")
    second = order_in(lab, learner, mode="cell", cell="4", now=later(1))
    claimed = claim(seconds=2)
    everything = order_in(lab, learner, now=later(3))
    assert (claimed.pk, fresh(first).is_stopping) == (first.pk, True)
    services.execute_run(run=claimed, clock=lambda: later(4))
    run_waiting("quick")
    assert [fresh(run).verdict for run in (first, second, everything)] == ["stopped", "stopped", "succeeded"]
    assert opened == [everything.session_id]


def test_runs_that_wait_in_a_session_are_stopped_at_its_reset(django_capture_on_commit_callbacks):
    lab = make_lab()
    learner = make_learner(lab)
    waiting = order_in(lab, learner, mode="cell", cell="2")
    other = order_in(lab, learner, mode="test", now=later(1))
    with django_capture_on_commit_callbacks(execute=True):
        services.end_session(learner=learner, place_id=f"lab:{lab.pk}", now=later(2))
    assert [(fresh(run).state, fresh(run).verdict) for run in (waiting, other)] == [
        ("finished", "stopped"),
        ("queued", None),
    ]


def test_tests_pass_only_with_the_right_code_and_complete_the_lab(runner):
    lab = make_lab()
    learner = make_learner(lab)
    wrong = order_in(lab, learner, START, mode="test")
    run_waiting("quick")
    assert [row["verdict"] for row in fresh(wrong).tests] == ["failed"]
    assert states_of(lab.course_id, learner.pk) == {lab.pk: "in_progress"}
    right = order_in(lab, learner, RIGHT, mode="test", now=later(1))
    run_waiting("quick")
    assert (fresh(right).verdict, fresh(right).has_passed) == ("succeeded", True)
    assert [each["row"] for each in streamed(right) if each["event"] == "tested"] == fresh(right).tests
    assert states_of(lab.course_id, learner.pk) == {lab.pk: "done"}
    results = results_of(lab, learner.pk)
    assert (results.finished, results.passed, results.tests[0]["name"]) == (2, True, "Doubles")


def listing(key, source, after=()):
    return {"id": key, "runtime": "both", "run": True, "after": list(after), "source": source, "expect": None}


def test_a_listing_runs_after_what_it_needs_silently_and_once(runner):
    course = make.make_course()
    code = [listing("begin", "count = 0; print('begun')"), listing("go", "count += 1; print(count)", ["begin"])]
    lesson = make.make_lesson(module=make.make_module(course=course), listings=code)
    learner = make.enroll(course=course)
    runs = [
        services.order_listing_run(learner=learner, lesson=lesson, listing="go", page="tab", now=later(second))
        for second in (1, 2)
    ]
    run_waiting("quick")
    assert [text_of(fresh(run)) for run in runs] == ["1\n", "2\n"]


def test_a_check_runs_the_code_and_the_hidden_test_in_a_fresh_process(runner):
    course = make.make_course()
    tested = listing("double", "def double(x): return x", ["begin"]) | {
        "test": "assert double(two) == 4, 'It is not 4.'"
    }
    lesson = make.make_lesson(module=make.make_module(course=course), listings=[listing("begin", "two = 2"), tested])
    sources = [None, "def double(x): return x + x", "del two"]
    learner = make.enroll(course=course)
    facts = {"learner": learner, "lesson": lesson, "listing": "double", "page": "tab", "check": True}
    starter, right, other = runs = [
        services.order_listing_run(source=source, now=later(second), **facts) for second, source in enumerate(sources)
    ]
    run_waiting("quick")
    assert [fresh(run).verdict for run in runs] == ["failed", "succeeded", "failed"]
    assert [(each["cell"], "It is not 4." in str(each)) for each in fresh(starter).outputs] == [("double:test", True)]
    assert (fresh(right).outputs, fresh(right).tests, fresh(right).session) == ([], None, None)
    assert [each["cell"] for each in fresh(other).outputs] == ["double:test"]  # NameError: two is gone


def test_a_lab_without_tests_runs_none():
    lab = make_lab(tests=[])
    with pytest.raises(Refusal, match="This lab has no tests"):
        services.order_lab_run(learner=make_learner(lab), lab=lab, cells=RIGHT, mode="test", now=NOW)


def test_a_listing_without_a_hidden_test_cannot_be_checked():
    course = make.make_course()
    lesson = make.make_lesson(module=make.make_module(course=course), listings=[listing("begin", "two = 2")])
    facts = {"learner": make.enroll(course=course), "lesson": lesson, "listing": "begin", "page": "tab", "now": NOW}
    with pytest.raises(Refusal, match="This listing has no hidden test"):
        services.order_listing_run(check=True, **facts)


def test_one_learners_hundred_runs_delay_another_by_one_turn():
    flood, other = make_learner(), make_learner()
    for second in range(100):
        order(flood, now=later(second))
    with pytest.raises(Refusal, match="You already have 100 runs waiting"):
        order(flood)
    first = claim(seconds=100)
    wanted = order(other, now=later(101))
    assert position_of(wanted) == 1
    assert first.learner == flood
    assert claim(seconds=102).pk == wanted.pk


def test_everyone_in_a_class_sees_the_position_at_which_their_run_starts():
    """Some learners ran code before, some order two runs, and one learner's run is under way."""
    learners = [make_learner() for _ in range(8)]
    for learner in learners[6:]:
        order(learner)
        claim()
    services.finish_run(run=Run.objects.get(learner=learners[6]), outcome=services.RunOutcome("stopped"), now=NOW)
    for second, learner in enumerate([*learners[3:7], *learners, *learners[:2]]):
        order(learner, now=later(second))
    shown = queue_positions()
    started = []
    while run := claim(seconds=100 + len(started)):
        assert position_of(run) is None
        started.append(run.pk)
    assert started == sorted(shown, key=shown.get)
    assert sorted(shown.values()) == list(range(1, 15))


def test_a_learner_has_two_places_at_most_and_training_two_of_a_worker():
    learner = make_learner()
    for second in range(3):
        order(learner, now=later(second))
    assert [bool(claim()) for _ in range(3)] == [True, True, False]
    for _ in range(3):
        order(make_learner())
    Run.objects.filter(state="queued").exclude(learner=learner).update(queue="training")
    assert [bool(claim("training")) for _ in range(3)] == [True, True, False]
    assert claim("training", "there/2") is not None


def test_cells_of_one_session_run_one_after_the_other():
    lab = make_lab()
    learner = make_learner(lab)
    first = order_in(lab, learner, mode="cell", cell="2")
    order_in(lab, learner, mode="cell", cell="3", now=later(1))
    assert (claim().pk, claim()) == (first.pk, None)


def test_a_lost_run_is_queued_again_until_it_counts_as_broken():
    run = order(make_learner())
    for lost in range(3):
        assert claim(seconds=100 * lost).pk == run.pk
        assert services.requeue_lost(now=later(100 * lost + 29)) == 0
        assert services.requeue_lost(now=later(100 * lost + 31)) == 1
    assert (fresh(run).state, fresh(run).verdict) == ("finished", "broken")


def test_a_lost_run_that_cannot_be_given_back_keeps_no_other_waiting(monkeypatch):
    first, second = (order(make_learner()) for _ in range(2))
    claim(), claim()
    give_back = claiming.give_back
    monkeypatch.setattr(
        claiming, "give_back", lambda run, **facts: 1 / 0 if run == first else give_back(run=run, **facts)
    )
    with pytest.raises(ExceptionGroup, match=f"all was done except: run {first.pk}$"):
        services.requeue_lost(now=later(31))
    assert (fresh(first).state, fresh(second).state) == ("running", "queued")


def test_a_worker_that_lost_a_run_cannot_finish_it():
    run = order(make_learner())
    sleeper = claim()
    services.requeue_lost(now=later(31))
    holder = claim(worker="there/2", seconds=32)
    done = services.RunOutcome("succeeded", outputs=[])
    assert services.finish_run(run=sleeper, outcome=services.RunOutcome("failed"), now=later(33)) is False
    assert services.finish_run(run=holder, outcome=done, now=later(34)) is True
    assert services.finish_run(run=holder, outcome=services.RunOutcome("failed"), now=later(35)) is False
    assert fresh(run).verdict == "succeeded"


def test_an_unavailable_runner_returns_the_run_to_the_queue(settings, tmp_path):
    settings.RUNNER_SOCKET = tmp_path / "nothing.sock"
    run = order(make_learner())
    assert run_waiting("quick") == 0
    assert (fresh(run).state, fresh(run).losses) == ("queued", 0)


def start_short(settings, stack, *options):
    """Start a runner that has no memory left while there is a file named `short` in the folder. Return both."""
    folder = short_copy(stack.enter_context(open_folder()))
    runner = start(offered()[0][0], stack, "--uid-base", str(FIRST_USER_OF_A_SECOND), *options, cwd=folder)
    settings.RUNNER_SOCKET = runner.client.path
    return runner, folder


def test_runs_wait_while_the_runner_is_short_of_memory(settings):
    with ExitStack() as stack:
        _, folder = start_short(settings, stack, "--spares", "0")
        lab = make_lab()
        runs = [order(make_learner()), order_in(lab, make_learner(lab), mode="test", now=later(1))]
        (folder / "short").touch()
        claimed = [claim(seconds=2) for _ in runs]
        taken = [services.execute_run(run=run, clock=lambda: later(3)) for run in claimed]
        assert taken == [services.Taken.NOT_THIS] * 2
        assert [(fresh(run).state, fresh(run).losses) for run in runs] == [("queued", 0)] * 2
        (folder / "short").unlink()
        assert run_waiting("quick") == 2
    assert [fresh(run).verdict for run in runs] == ["succeeded"] * 2


def test_tests_for_which_memory_is_short_let_code_take_the_spare(settings):
    with ExitStack() as stack:
        runner, folder = start_short(settings, stack)
        wait_until(lambda: runner.client.status()["capacity"]["spare"])
        lab = make_lab()
        tests = order_in(lab, make_learner(lab), mode="test")
        code = order(make_learner(), now=later(1))
        (folder / "short").touch()
        assert run_waiting("quick") == 1
        assert (fresh(tests).state, fresh(code).verdict) == ("queued", "succeeded")


def test_a_queued_run_is_stopped_at_once_and_a_stranger_stops_nothing():
    learner = make_learner()
    run = order(learner)
    with pytest.raises(Refusal, match="couldn’t find"):
        services.stop_run(learner=make_learner(), run_id=run.pk, now=NOW)
    stopped = services.stop_run(learner=learner, run_id=run.pk, now=NOW)
    assert (stopped.state, stopped.verdict, claim()) == ("finished", "stopped", None)
