"""Several machines, each with its own runner: a message reaches the one that can start the run."""

from datetime import timedelta
from typing import Any

import pytest
import redis

from labs import sandbox
from labs.models import Run, Session, Worker
from labs.services import claim_next, order_lab_run, requeue_lost
from labs.tasks import run_waiting
from tests.factories import NOW
from tests.labs.lives import Live, Redis, wait_until
from tests.labs.making import RIGHT, make_lab, make_learner, order, text_of
from tests.labs.test_redis_faults import server

__all__ = ["server"]  # a fixture
pytestmark = pytest.mark.django_db(transaction=True)
SHARED = "celery"


def order_cell(lab: Any, learner: Any, cell: str) -> Run:
    return order_lab_run(learner=learner, lab=lab, cells=RIGHT, mode="cell", cell=cell, now=NOW)


def order_in_session_on(host: str) -> Run:
    """Order a cell of a session whose process is on this host."""
    lab = make_lab()
    learner = make_learner(lab)
    Session.objects.create(learner=learner, place=f"lab:{lab.pk}", opened_at=NOW, runner=host)
    return order_cell(lab, learner, "2")


def waiting(server: Redis, *queues: str) -> list[int]:
    """Return how many messages wait in each of these queues."""
    with redis.Redis.from_url(server.url) as client:
        return [client.llen(queue) for queue in queues]


def see_worker(host: str, *, is_ready: bool = True) -> None:
    Worker.objects.create(name=f"{host}/1", seen_at=NOW, runner={"ready": is_ready})


@pytest.fixture
def no_runner(settings, tmp_path):
    settings.RUNNER_SOCKET = str(tmp_path / "nobody.sock")
    settings.RUNNERS = {}


@pytest.fixture
def at(monkeypatch):
    """Let this process be the worker of a host."""

    def become(host: str) -> None:
        monkeypatch.setattr(sandbox, "HOST", host)
        monkeypatch.setattr("labs.tasks.HOST", host)
        monkeypatch.setattr("labs.tasks.clock.now", lambda: NOW)

    return become


def test_a_cell_wakes_the_host_of_its_session_and_not_another_one(server: Redis, at):
    run = order_in_session_on("a")
    assert waiting(server, SHARED, "labs.a", "labs.b") == [0, 1, 0]
    at("b")
    assert claim_next(queue=run.queue, worker="b/1", now=NOW) is None
    at("a")
    assert claim_next(queue=run.queue, worker="a/1", now=NOW) == run


def test_a_run_without_a_session_wakes_any_worker(server: Redis):
    order(make_learner())
    assert waiting(server, SHARED) == [1]


def test_the_sweep_wakes_the_host_of_a_session_and_frees_the_session_of_a_host_that_is_gone(server: Redis):
    order_in_session_on("a")
    order_in_session_on("gone")
    see_worker("a")
    requeue_lost(now=NOW + timedelta(seconds=11))
    assert waiting(server, SHARED, "labs.a", "labs.gone") == [1, 2, 1]
    assert set(Session.objects.values_list("runner", flat=True)) == {"a", ""}


def test_the_queue_of_a_host_disappears_if_nobody_reads_it(server: Redis):
    order_in_session_on("a")
    with redis.Redis.from_url(server.url) as client:
        assert 0 < client.ttl("labs.a") <= 600


def test_a_worker_whose_runner_is_down_passes_the_message_on_once(server: Redis, no_runner, at):
    for host, is_ready in (("a", True), ("b", True), ("c", False)):
        see_worker(host, is_ready=is_ready)
    run = order(make_learner())
    at("b")
    run_waiting("quick")
    assert waiting(server, SHARED, "labs.a", "labs.b", "labs.c") == [1, 1, 0, 0]
    run_waiting("quick", host="b")  # this message was passed on already
    assert waiting(server, "labs.a") == [1]
    assert Run.objects.get(pk=run.pk).state == "queued"


def test_with_runners_on_other_machines_any_worker_takes_any_message(server: Redis, settings):
    settings.RUNNERS = {"a": ("127.0.0.1", 1)}
    order_in_session_on("a")
    assert waiting(server, SHARED, "labs.a") == [1, 0]


def test_without_redis_there_is_one_queue(settings):
    settings.REDIS_URL = ""
    order_in_session_on("a")
    assert [path.name.split(".")[1] for path in (settings.DATA / "queue" / "in").iterdir()] == [SHARED]


def test_a_worker_takes_the_messages_for_its_host(runner, server: Redis, live: Live):
    lab = make_lab()
    learner = make_learner(lab)
    live.worker()
    for cell in ("2", "3", "4"):
        run = order_cell(lab, learner, cell)
        wait_until(lambda run=run: Run.objects.filter(pk=run.pk, state="finished").exists())
    assert text_of(Run.objects.get(pk=run.pk)) == "2\n"
    assert Session.objects.get().runner == sandbox.HOST
    assert waiting(server, SHARED, f"labs.{sandbox.HOST}") == [0, 0]
