"""/readyz on the lab engine: queue, workers, and their runners' status."""

from datetime import timedelta

import pytest
from django.utils import timezone

from labs.models import Worker
from labs.services import report_worker
from tests.labs.making import make_learner, order

pytestmark = pytest.mark.django_db


def labs_of(client):
    return client.get("/readyz", headers={"Host": "localhost:8000"}).json()["labs"]


def test_it_shows_how_long_the_oldest_run_waits_in_each_queue(client):
    assert labs_of(client)["queue_age_seconds"] == {"quick": 0.0, "training": 0.0}
    order(make_learner(), now=timezone.now() - timedelta(minutes=5))
    shown = labs_of(client)
    assert (shown["queued"], shown["queue_age_seconds"]["quick"] >= 300) == (1, True)


def test_it_shows_a_workers_runner_with_tier_and_self_test(client, runner):
    report_worker(worker="here/1", claims=(), now=timezone.now())
    shown = labs_of(client)["workers"]["here/1"]
    assert (shown["ready"], shown["tier"], shown["reasons"]) == (True, runner.status()["tier"], [])
    assert (shown["self_test"]["attacks"] >= 20, shown["self_test"]["gained"]) == (True, [])


def test_health_shows_an_unavailable_runner_and_drops_a_dead_worker(client, settings, tmp_path):
    settings.RUNNER_SOCKET = tmp_path / "nothing"
    report_worker(worker="here/1", claims=(), now=timezone.now())
    assert labs_of(client)["workers"]["here/1"]["ready"] is False
    report_worker(worker="here/1", claims=(), now=timezone.now() - timedelta(minutes=2))
    assert labs_of(client)["workers"] == {}


def test_it_shows_that_a_worker_which_misses_two_heartbeats_is_dead_and_not_ready(client):
    Worker.objects.create(name="here/1", seen_at=timezone.now() - timedelta(seconds=30), runner={"ready": True})
    shown = labs_of(client)["workers"]["here/1"]
    assert (shown["ready"], shown["is_alive"], shown["seconds_since_report"] >= 30) == (False, False, True)
