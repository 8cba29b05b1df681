"""Workers die, and messages are lost or doubled: every run ends with one verdict, and its code ran once."""

import os
import signal
from contextlib import ExitStack
from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from labs import queue
from labs.models import Run
from labs.services import order_lab_run, requeue_lost
from labs.tasks import run_waiting
from tests.factories import NOW
from tests.labs.lives import Live, wait_until
from tests.labs.making import RIGHT, make_lab, make_learner, order, text_of
from tests.rounds import second_round
from tests.runner.conftest import start
from tests.runner.stations import FIRST_USER_OF_A_SECOND, offered

pytestmark = [pytest.mark.django_db(transaction=True), second_round]


def verdict_of(run: Run) -> str | None:
    return Run.objects.get(pk=run.pk).verdict


def is_running(run: Run) -> bool:
    return Run.objects.filter(pk=run.pk, state="running").exists()


def test_a_new_worker_takes_waiting_runs_and_a_doubled_message_does_nothing(runner, live: Live):
    learner = make_learner()
    runs = [order(learner, f"print({number})") for number in range(3)]
    for _ in range(5):
        queue.send_to_queue("quick")
    live.worker()
    for number, run in enumerate(runs):
        assert wait_until(lambda run=run: verdict_of(run)) == "succeeded"
        assert text_of(Run.objects.get(pk=run.pk)) == f"{number}\n"
    assert list(Run.objects.values_list("claim", "losses")) == [(1, 0)] * 3


def order_and_wait() -> Run:
    """Order a run that waits. A worker that has just ended a run looks once more, and may take one without a message."""
    for _ in range(10):
        run = order(make_learner(), "print('found')")
        if Run.objects.filter(pk=run.pk, state="queued").update(created_at=NOW):
            return run
        wait_until(lambda run=run: verdict_of(run))
    raise AssertionError("no run waited")


def test_a_lost_message_is_made_good_by_the_sweep(runner, live: Live, monkeypatch):
    live.worker()
    done = order(make_learner(), "print('awake')")
    wait_until(lambda: verdict_of(done))
    with monkeypatch.context() as on_the_way:
        on_the_way.setattr(queue, "send_to_queue", lambda *told: None)  # what the order sends never arrives
        lost = order_and_wait()
    requeue_lost(now=Run.objects.get(pk=done.pk).finished_at)
    assert wait_until(lambda: verdict_of(lost)) == "succeeded"


def test_a_killed_workers_run_goes_on_and_is_taken_over_without_running_twice(runner, live: Live):
    run = order(make_learner(), "import time, os\nprint(os.times().elapsed)\ntime.sleep(6)\nprint('end')")
    first = live.worker()
    wait_until(lambda: is_running(run))
    wait_until(lambda: b"text/plain" in stream_of(live, run))
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    lease = Run.objects.get(pk=run.pk).lease_until
    assert requeue_lost(now=lease + timedelta(seconds=1)) == 1
    live.worker()
    assert wait_until(lambda: verdict_of(run)) == "succeeded"
    found = Run.objects.get(pk=run.pk)
    lines = text_of(found).splitlines()
    assert (len(lines), lines[1], found.claim, found.losses) == (2, "end", 2, 1)
    before = [line for line in stream_of(live, run).decode().splitlines() if lines[0] in line]
    assert len(before) == 2  # the same output, sent by both workers


def test_a_stop_reaches_a_running_run_through_its_worker(runner, live: Live):
    learner = make_learner()
    run = order(learner, "import time\nprint('begun', flush=True)\ntime.sleep(60)")
    live.worker()
    wait_until(lambda: is_running(run))
    Run.objects.filter(pk=run.pk).update(is_stopping=True)
    assert wait_until(lambda: verdict_of(run)) == "stopped"


def test_a_cell_that_runs_is_stopped_and_not_killed_when_all_cells_are_ordered(runner, live: Live):
    lab = make_lab()
    said = {"learner": make_learner(lab), "lab": lab, "now": timezone.now()}
    long = [{"id": "2", "source": "import time\nprint('begun', flush=True)\ntime.sleep(60)"}]
    run = order_lab_run(cells=long, mode="cell", cell="2", **said)
    live.worker()
    wait_until(lambda: b"begun" in stream_of(live, run))
    everything = order_lab_run(cells=RIGHT, mode="all", **said)
    assert wait_until(lambda: verdict_of(run)) == "stopped"
    assert wait_until(lambda: verdict_of(everything)) == "succeeded"


def test_runs_are_accepted_while_the_broker_is_unavailable(runner, monkeypatch):

    current_app.conf.update(broker_url="redis://127.0.0.1:9/0", broker_transport_options={"max_retries": 1})
    run = order(make_learner(), "print('anyway')")
    assert run.state == "queued"
    assert run_waiting("quick") == 1
    assert verdict_of(run) == "succeeded"


def test_a_run_outlives_a_runner_that_is_killed_and_comes_back(live: Live, settings, tmp_path):
    with ExitStack() as first:
        died = start(offered()[0][0], first, "--uid-base", str(FIRST_USER_OF_A_SECOND))
        settings.RUNNER_SOCKET = died.client.path
        run = order(make_learner(), "import time\nprint('begun', flush=True)\ntime.sleep(4)\nprint('end')")
        live.worker()
        wait_until(lambda: is_running(run))
        wait_until(lambda: b"begun" in stream_of(live, run))
        died.process.kill()
        died.process.wait()
        wait_until(lambda: not is_running(run))
        assert list(Run.objects.values_list("state", "losses")) == [("queued", 1)]
    with ExitStack() as second:
        again = start(offered()[0][0], second, "--uid-base", str(FIRST_USER_OF_A_SECOND))
        (tmp_path / "socket").symlink_to(again.client.path)
        settings.RUNNER_SOCKET = tmp_path / "socket"
        assert run_waiting("quick") == 1
    assert (verdict_of(run), text_of(Run.objects.get(pk=run.pk))) == ("succeeded", "begun\nend\n")


def stream_of(live: Live, run: Run) -> bytes:
    path = live.data / "streams" / f"{run.pk}.jsonl"
    return path.read_bytes() if path.exists() else b""
