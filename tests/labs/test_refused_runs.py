"""A runner that refuses one run may take others. A runner that refuses every run is asked only once."""

import pytest

from labs import sandbox
from labs.models import Run
from labs.services.hosts import record_answer
from labs.tasks import run_waiting
from tests.factories import NOW
from tests.labs.making import make_learner, order
from tests.labs.test_runs import fresh, later

pytestmark = pytest.mark.django_db
END = {"event": "finished", "verdict": "succeeded", "message": "", "files": [], "tests": None}
NO_MEMORY = sandbox.Refused("at_capacity", "No memory.", others_fit=True)
NO_PLACE = sandbox.Refused("at_capacity", "No place.")


@pytest.fixture
def runner(monkeypatch):
    """Runners that refuse what `refusals` has. `asked` holds each run that they were asked to take, and the host."""
    refusals, asked = {}, []

    def run_cells(at, run_id, cells, **options):
        asked.append((run_id.rpartition("-")[0], at))
        if asked[-1] in refusals:
            raise refusals[asked[-1]]
        return iter([END])

    monkeypatch.setattr(sandbox, "run_cells", run_cells)
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
