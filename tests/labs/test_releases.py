"""Workers and runners of different releases: neighbors work together, and others say why they do not."""

import pytest

from labs import sandbox
from labs.runner import protocol
from labs.runner.protocol import PROTOCOL, misunderstanding
from labs.tasks import run_waiting
from tests.labs.making import make_learner, order, text_of
from tests.labs.test_runs import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def speak(monkeypatch, runner):
    """Let the workers of this process speak another version than the runner."""

    def to(version):
        for module in (protocol, sandbox):
            monkeypatch.setattr(module, "PROTOCOL", version)

    return to


@pytest.mark.parametrize("version", [PROTOCOL - 1, PROTOCOL + 1])
def test_a_run_of_the_neighboring_release_succeeds(speak, version):
    speak(version)
    run = order(make_learner(), "print(6 * 7)")
    run_waiting("quick")
    assert (fresh(run).verdict, text_of(fresh(run))) == ("succeeded", "42\n")
    assert sandbox.status(sandbox.HOST)["ready"]


def test_a_run_of_a_distant_release_waits_and_operators_read_why(speak):
    speak(PROTOCOL + 2)
    run = order(make_learner(), "print(6 * 7)")
    assert run_waiting("quick") == 0
    assert (fresh(run).state, fresh(run).losses) == ("queued", 0)
    found = sandbox.status(sandbox.HOST)
    assert (found["ready"], found["reasons"]) == (False, [misunderstanding(PROTOCOL + 2, PROTOCOL)])
    speak(PROTOCOL)
    run_waiting("quick")
    assert fresh(run).verdict == "succeeded"
