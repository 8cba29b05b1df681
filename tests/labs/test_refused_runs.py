"""A runner that refuses one run may take others. A runner that refuses every run is asked only once."""

import pytest

from labs import sandbox
from labs.models import Run
from labs.services.hosts import record_answer
from labs.tasks import run_waiting
from tests.factories import NOW
from tests.labs.making import make_lab, make_learner, order
from tests.labs.test_runs import fresh, later, order_in, streamed

pytestmark = pytest.mark.django_db
END = {"event": "finished", "verdict": "succeeded", "message": "", "files": [], "tests": None}
NO_MEMORY = sandbox.Refused("at_capacity", "No memory.", others_fit=True)
NO_PLACE = sandbox.Refused("at_capacity", "No place.")


@pytest.fixture
def runner(monkeypatch):
    """Runners that refuse the runs and sessions in `refusals`. `asked` holds each that they were asked for, and the host."""
    refusals, asked = {}, []

    def ask(id, at):
        asked.append((id, at))
        if asked[-1] in refusals:
            raise refusals[asked[-1]]

    def run_cells(at, run_id, cells, **options):
        ask(run_id.rpartition("-")[0], at)
        return iter([END])

    monkeypatch.setattr(sandbox, "run_cells", run_cells)
    monkeypatch.setattr(sandbox, "open_session", lambda at, session, **options: ask(session, at))
    return refusals, asked


@pytest.fixture
def runs():
    return [order(make_learner(), now=later(second)) for second in range(3)]


def test_a_run_that_does_not_fit_keeps_no_other_waiting_and_is_tried_again_after_them(runner, runs):
    refusals, asked = runner
    large, *_ = here = [(run.pk, sandbox.HOST) for run in runs]
    refusals[large] = NO_MEMORY
    assert run_waiting("quick") == 2
    assert asked == [*here, large]
    assert [fresh(run).state for run in runs] == ["queued", "finished", "finished"]


def test_a_runner_without_a_free_place_is_not_asked_again(runner, runs):
    refusals, asked = runner
    here = [(run.pk, sandbox.HOST) for run in runs]
    refusals |= dict.fromkeys(here, NO_PLACE)
    assert run_waiting("quick") == 0
    assert asked == here[:1]
    assert set(Run.objects.values_list("state", flat=True)) == {"queued"}


def test_a_run_that_does_not_fit_on_one_host_starts_on_another_one(runner, settings):
    refusals, asked = runner
    settings.RUNNERS = {"a": ("192.0.2.1", 1), "b": ("192.0.2.2", 1)}
    sandbox.away.clear()
    for host, memory in (("a", 2), ("b", 1)):
        room = {"runs": 2, "open_sessions": 0, "sessions": 4, "memory_available": memory}
        record_answer(host=host, status={"ready": True, "reasons": [], "capacity": room}, now=NOW)
    run = order(make_learner())
    refusals[run.pk, "a"] = NO_MEMORY
    assert run_waiting("quick") == 1
    assert asked == [(run.pk, "a"), (run.pk, "b")]
    assert (fresh(run).verdict, sandbox.away) == ("succeeded", set())  # smaller runs may still start on a


def test_watchers_are_told_that_a_run_starts_once_a_runner_takes_it(runner, settings):
    """Until then they get its position in the queue."""
    refusals, _ = runner
    lab = make_lab()
    bare, cell = runs = [order(make_learner()), order_in(lab, make_learner(lab), mode="cell", cell="2", now=later(1))]
    refusals |= {(each, sandbox.HOST): NO_MEMORY for each in (bare.pk, cell.session_id)}
    assert run_waiting("quick") == 0
    assert not (settings.DATA / "streams").exists()
    refusals.clear()
    assert run_waiting("quick") == 2
    told = [[each["event"] for each in streamed(run)] for run in runs]
    assert told == [["started", "finished"], ["started", "session", "finished"]]


def test_watchers_of_a_run_that_its_runner_refuses_for_good_discard_earlier_output(runner):
    refusals, _ = runner
    run = order(make_learner())
    refusals[run.pk, sandbox.HOST] = sandbox.Refused("disk_full", "No room for the files.")
    run_waiting("quick")
    assert (fresh(run).verdict, [each["event"] for each in streamed(run)]) == ("disk_limit", ["started", "finished"])
