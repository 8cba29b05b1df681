"""Every run ends in bounded time, whatever one learner's code does, and other learners' runs finish."""

import json
from datetime import timedelta

import pytest
from django.db import DataError

from labs import sandbox, streams
from labs.models import LabFile, OutputPage, Run
from labs.runner.protocol import RunLimits
from labs.services import order_lab_run
from labs.tasks import run_waiting
from tests.factories import NOW
from tests.labs.lives import wait_until
from tests.labs.making import make_lab, make_learner, order, text_of
from tests.rounds import second_round
from tests.runner.wires import FORGE, SURROGATE_NAME

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
HOSTILE = {
    "a part named with a lone surrogate": SURROGATE_NAME,
    "a closed work folder": "import os\nos.chmod('.', 0)",
    "a lone surrogate in an error": r"raise ValueError('\ud83d\x00')",
    "a lone surrogate as a value": r"'\ud83d\x00'",
}


def fresh(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


@pytest.mark.parametrize("name", HOSTILE)
def test_four_hostile_runs_block_no_worker_and_another_learners_run_finishes(name, runner, live):
    """The worker has two threads, and each attacker may run two at once, so either attacker could block both threads."""
    attackers = [make_learner() for _ in range(2)]
    hostile = [order(attacker, HOSTILE[name]) for attacker in attackers for _ in range(2)]
    other = order(make_learner(), "print('fine')", now=NOW + timedelta(seconds=1))
    live.worker()
    assert wait_until(lambda: fresh(other).verdict) == "succeeded"
    assert wait_until(lambda: all(fresh(run).verdict for run in hostile))
    assert {fresh(run).verdict for run in hostile} <= {"succeeded", "failed"}
    assert text_of(fresh(other)) == "fine\n"


def test_a_flood_of_tiny_frames_is_ended_and_stored_small_while_others_are_served(runner, live):
    source = f"{FORGE}\nmany = forge('frame', [(NOTE, b'{{}}')]) * 1000\nfor _ in range(222): say(many)"
    flood = order(make_learner(), source)
    other = order(make_learner(), "print('fine')", now=NOW + timedelta(seconds=1))
    live.worker()
    assert wait_until(lambda: fresh(other).verdict) == "succeeded"
    assert wait_until(lambda: fresh(flood).verdict) == "output_limit"
    pages = OutputPage.objects.filter(run=flood).values_list("outputs", flat=True)
    outputs = [*fresh(flood).outputs, *(each for page in pages for each in page)]
    assert (len(outputs) <= 10_000, len(json.dumps(outputs)) < 8 << 20) == (True, True)


def test_printed_lines_are_stored_as_one_output(runner):
    run = order(make_learner(), "import time\nfor n in range(3):\n    print(n)\n    time.sleep(0.1)")
    run_waiting("quick")
    assert [output["data"]["text/plain"] for output in fresh(run).outputs] == ["0\n1\n2\n"]


def test_a_worker_waits_as_long_as_the_runs_own_limits_allow():
    short, long = RunLimits(wall_seconds=10), RunLimits(wall_seconds=600)
    waits = [sandbox.client_for("here", each).within for each in (short, long)]
    assert waits[1] - waits[0] == 590
    assert sandbox.client_for("here", short, is_tested=True).within - waits[0] == short.judge_seconds
    assert all(wait > each.longest_run() for wait, each in zip(waits, (short, long), strict=True))


def test_a_failure_in_the_worker_is_broken_after_three_tries_and_the_next_run_works(runner, monkeypatch):
    learner = make_learner()
    poisoned, other = order(learner, "print('poison')"), order(make_learner(), "print('fine')")
    append = streams.append

    def fail(run_id, event, **options):
        if "poison" in str(event):
            raise DataError("planted")
        return append(run_id, event, **options)

    monkeypatch.setattr(streams, "append", fail)
    run_waiting("quick")
    assert (fresh(poisoned).verdict, fresh(poisoned).losses, fresh(other).verdict) == ("broken", 2, "succeeded")


def test_a_file_that_cannot_be_placed_ends_the_run_with_a_sentence(runner):
    """The code made a folder of that name. Waiting would not change that, and would block the queue."""
    lab = make_lab()
    learner = make_learner(lab)

    def cell(source: str, second: int) -> Run:
        cells = [{"id": "2", "source": source}]
        return order_lab_run(
            learner=learner, lab=lab, cells=cells, mode="cell", cell="2", now=NOW + timedelta(seconds=second)
        )

    cell("import os\nos.mkdir('data.csv')", 1)
    run_waiting("quick")
    put_file(lab, learner)
    blocked, other = cell("1", 2), order(make_learner(), "print('fine')", now=NOW + timedelta(seconds=3))
    run_waiting("quick")
    assert (fresh(blocked).verdict, fresh(other).verdict) == ("failed", "succeeded")
    assert "Restart the session" in fresh(blocked).message


def put_file(lab, learner) -> None:
    lab_file = {"name": "data.csv", "content": b"1", "size": 1, "digest": "1", "saved_at": NOW}
    LabFile.objects.create(lab=lab, learner=learner, **lab_file)
