import pytest
from django.test import Client

from quizzes.services import beat
from tests import factories as make

HERE = {"Host": "localhost:8000"}
pytestmark = pytest.mark.django_db


def test_healthz_says_only_ok_to_anyone(client):
    answer = client.get("/healthz", headers={"Host": "anything.example"})
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_readyz_tells_the_operator_what_is_alive(client):
    assert client.get("/readyz", headers=HERE).json()["sweeper"] == {"is_alive": False, "seconds_since_beat": None}

    beat(now=make.NOW)
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
