from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from quizzes.rules.heartbeats import SWEEPER_LEASE
from quizzes.services import hold_lease
from tests import factories as make
from tests.conftest import free_port

HERE = {"Host": "localhost:8000"}
pytestmark = pytest.mark.django_db


def test_healthz_says_only_ok_to_anyone(client):
    answer = client.get("/healthz", headers={"Host": "anything.example"})
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_readyz_shows_the_operator_which_parts_work(client):
    assert client.get("/readyz", headers=HERE).json()["sweeper"] == {"is_alive": False, "seconds_since_sweep": None}
    hold_lease(name="sweeper", holder="here/1", length=SWEEPER_LEASE, now=make.NOW)
    with time_machine.travel(make.NOW + timedelta(seconds=20), tick=False):
        shown = client.get("/readyz", headers=HERE).json()["sweeper"]
    assert shown == {"is_alive": True, "seconds_since_sweep": 20.0}
    assert client.get("/readyz", headers=HERE).json()["exams"] == {"running": 0, "due": 0}
    assert b"finalcheck_exams_running 0.0" in client.get("/metrics", headers=HERE).content


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
def test_strangers_beyond_this_machine_find_nothing_and_staff_does(client, path):
    assert client.get(path, REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.get(path, headers={**HERE, "X-Forwarded-For": "192.0.2.7"}).status_code == 404
    assert client.get(path, headers={"Host": "testserver"}).status_code == 404
    client.force_login(make.make_user(is_staff=True))
    assert client.get(path, REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_a_production_host_tells_its_own_operator_without_https(settings, path):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(path, headers=HERE).status_code == 200
    assert Client().get("/", headers=HERE).status_code == 301


def test_readyz_reports_that_redis_is_unavailable(client, settings, redis_url):
    settings.REDIS_URL = redis_url
    here = client.get("/readyz", headers=HERE)
    assert (here.status_code, here.json()["ready"], here.json()["redis"]) == (200, True, "here")
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    gone = client.get("/readyz", headers=HERE)
    assert (gone.status_code, gone.json()["ready"], gone.json()["redis"]) == (503, False, "away")


def test_readyz_needs_no_redis_where_none_is_used(client, settings):
    settings.REDIS_URL = ""
    assert client.get("/readyz", headers=HERE).json()["redis"] == "not used"
