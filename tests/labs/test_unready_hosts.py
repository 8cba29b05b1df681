"""A runner host that answers and accepts no code: its sessions and runs leave it, as when it is silent."""

from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.utils import timezone

from labs import sandbox
from labs.hosts import runner_hosts
from labs.models import Run, RunnerHost, Session
from labs.rules.hosts import SILENCE, START
from labs.services.hosts import record_answer, record_silence
from tests.factories import NOW
from tests.labs.making import make_lab, make_learner, order
from tests.labs.test_runs import order_in

pytestmark = pytest.mark.django_db
ROOM = {"runs": 2, "open_sessions": 0, "sessions": 4, "memory_available": 1}
READY = {"ready": True, "reasons": [], "capacity": ROOM}
BREACHED = {"ready": False, "reasons": ["self-test: network"], "capacity": ROOM}


@pytest.fixture(autouse=True)
def hosts(settings):
    settings.RUNNERS = {"a": ("192.0.2.1", 1), "b": ("192.0.2.2", 1)}
    sandbox.away.clear()
    for host in configured.RUNNERS:
        record_answer(host=host, status=READY, now=NOW)


@pytest.fixture
def session():
    """A session on host a, with a run that has begun there and waits to go on."""
    lab = make_lab()
    run = order_in(lab, make_learner(lab), [{"id": "2", "source": "1"}], mode="cell", cell="2", now=NOW)
    Session.objects.update(runner="a")
    Run.objects.update(runner="a")
    return run.session


def state_of(name):
    row = RunnerHost.objects.get(name=name)
    seen = runner_hosts(timezone.now())[name]
    return row.lost_at is not None, seen.is_lost, seen.is_ready, seen.reasons


def unready(seconds):
    record_answer(host="a", status=BREACHED, now=NOW + timedelta(seconds=seconds))


def test_a_host_that_never_accepts_code_is_lost_after_a_minute_and_its_sessions_move(session):
    bare = order(make_learner(), now=NOW)
    Run.objects.filter(pk=bare.pk).update(runner="a")
    seconds = START.total_seconds()
    for after in (1, seconds / 2, seconds + 1):
        unready(after)
    assert state_of("a") == (False, False, False, BREACHED["reasons"])
    assert Session.objects.get().runner == "a"
    unready(seconds + 2)
    assert state_of("a") == (True, True, False, BREACHED["reasons"])
    assert Session.objects.get().runner == ""
    assert list(Run.objects.order_by("pk").values_list("state", "runner")) in (
        [("finished", "a"), ("queued", "")],
        [("queued", ""), ("finished", "a")],
    )


def test_a_host_that_starts_again_within_a_minute_keeps_its_place(session):
    unready(1)
    unready(START.total_seconds())
    record_answer(host="a", status=READY, now=NOW + START)
    unready(START.total_seconds() + 2)
    assert (state_of("a")[0], Session.objects.get().runner) == (False, "a")


def test_a_lost_host_comes_back_when_it_accepts_code_and_not_when_it_only_answers():
    record_silence(host="a", problem="no answer", now=NOW + 2 * SILENCE)
    assert state_of("a") == (True, True, False, ["no answer"])
    unready(2 * SILENCE.total_seconds() + 1)
    assert state_of("a") == (True, True, False, BREACHED["reasons"])
    record_answer(host="a", status=READY, now=NOW + 3 * SILENCE)
    assert state_of("a") == (False, False, True, [])
