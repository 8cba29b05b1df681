"""A runner host that is to be stopped: what is bound to it ends or moves, and the operator learns when it may stop."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command

from labs.hosts import is_host_empty
from labs.management.commands import runner
from labs.models import Run, RunnerHost, Session
from labs.services import claim_next, drain_host, move_sessions
from labs.services.hosts import record_answer
from tests.factories import NOW
from tests.labs.making import make_lab, make_learner
from tests.labs.test_runs import order_in
from tests.labs.test_unready_hosts import READY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hosts(settings, monkeypatch):
    settings.RUNNERS = {"a": ("192.0.2.1", 1), "b": ("192.0.2.2", 1)}
    for host in settings.RUNNERS:
        record_answer(host=host, status=READY, now=NOW)
    monkeypatch.setattr(runner, "LOOK", timedelta(0))


def ordered(**changes):
    """Order a run in a session that is open on host a, and change its row."""
    lab = make_lab()
    run = order_in(lab, make_learner(lab), [{"id": "2", "source": "1"}], mode="cell", cell="2", now=NOW)
    Session.objects.filter(pk=run.session_id).update(runner="a")
    Run.objects.filter(pk=run.pk).update(**changes)
    return run


def host_of(run):
    return Session.objects.get(pk=run.session_id).runner


def test_sessions_move_unless_a_run_has_begun_in_them():
    ended = {"state": "finished", "verdict": "succeeded", "finished_at": NOW, "runner": "a"}
    idle, waiting = ordered(**ended), ordered()
    running, begun = ordered(state="running", runner="a"), ordered(runner="a")
    drain_host(host="a")
    assert move_sessions(host="a") == 2
    assert [host_of(run) for run in (idle, waiting, running, begun)] == ["", "", "a", "a"]
    claimed = claim_next(queue="quick", worker="here/1", now=NOW)
    assert (claimed.pk, claimed.runner, claimed.resumes) in [(waiting.pk, "b", False), (begun.pk, "a", True)]


def test_a_host_is_empty_when_neither_a_session_nor_a_run_is_bound_to_it():
    run = ordered(state="running", runner="a")
    assert (is_host_empty("a"), is_host_empty("b")) == (False, True)
    Session.objects.update(runner="")
    assert not is_host_empty("a")
    Run.objects.filter(pk=run.pk).update(state="finished", verdict="succeeded", finished_at=NOW)
    assert is_host_empty("a")


def test_the_operator_is_told_when_a_host_may_stop():
    run = ordered(state="finished", verdict="succeeded", finished_at=NOW, runner="a")
    RunnerHost.objects.update(status=READY | {"capacity": READY["capacity"] | {"open_sessions": 1}})
    out = io.StringIO()
    call_command("runner", "drain", "a", "--within", "0", stdout=out)
    assert out.getvalue().splitlines()[1:] == [
        "Nothing runs on a any more, so you can stop it. Sessions that left it for another host: 1."
    ]
    assert (host_of(run), RunnerHost.objects.get(name="a").is_draining) == ("", True)
