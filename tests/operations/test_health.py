import os
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from bench.rig.ports import free_port
from foundation.metrics import MAILS
from labs.models import Worker
from quizzes.rules.heartbeats import SWEEPER_LEASE
from quizzes.services import hold_lease
from tests import factories as make

HERE = {"Host": "localhost:8000"}
ANSWER = {"/healthz": 200, "/metrics": 200, "/readyz": 503}  # here no worker and no sweeper runs
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


def test_readyz_finds_a_fault_if_the_last_sweep_lies_in_the_future(client):
    tomorrow = make.NOW + timedelta(days=1)
    hold_lease(name="sweeper", holder="here/1", length=SWEEPER_LEASE, now=tomorrow)
    with time_machine.travel(make.NOW, tick=False):
        found = client.get("/readyz", headers=HERE).json()
    says = "the last sweep was 86400 s in the future, so its clock or this one was wrong; no sweep since"
    assert (found["parts"]["sweeper"], found["sweeper"]["is_alive"]) == ({"state": "fault", "says": says}, False)


if connection.vendor == "postgresql":

    def test_readyz_finds_a_database_that_refuses_to_write(client):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL default_transaction_read_only = on")
        shown = client.get("/readyz", headers=HERE)
        says = "postgresql is set to read only (default_transaction_read_only). Nothing can be saved"
        assert (shown.status_code, shown.json()["parts"]["database"]) == (503, {"state": "fault", "says": says})


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
def test_strangers_beyond_this_machine_find_nothing_and_staff_does(client, path):
    assert client.get(path, REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.get(path, headers={**HERE, "X-Forwarded-For": "192.0.2.7"}).status_code == 404
    assert client.get(path, headers={"Host": "testserver"}).status_code == 404
    client.force_login(make.make_user(is_staff=True))
    assert client.get(path, REMOTE_ADDR="192.0.2.7").status_code == ANSWER[path]


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
def test_a_monitoring_program_elsewhere_needs_the_token(client, settings, path):
    def asks(authorization: str) -> int:
        headers = {"Host": "testserver", "Authorization": authorization}
        return client.get(path, headers=headers, REMOTE_ADDR="192.0.2.7").status_code

    assert asks("Bearer ") == 404
    settings.METRICS_TOKEN = "a-token-of-this-test-0123"
    assert asks("Bearer a-token-of-this-test-0124") == 404
    assert asks("Bearer a-token-of-this-test-0123") == ANSWER[path]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_a_production_host_tells_its_own_operator_without_https(settings, path):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(path, headers=HERE).status_code == ANSWER[path]
    assert Client().get("/", headers=HERE).status_code == 301


def parts(client) -> dict[str, str]:
    return {name: part["state"] for name, part in client.get("/readyz", headers=HERE).json()["parts"].items()}


def test_readyz_names_every_part_and_answers_503_while_one_has_a_fault(client):
    answer = client.get("/readyz", headers=HERE)
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert answer.json()["parts"]["sweeper"] == {"state": "fault", "says": "no sweep yet"}
    assert answer.json()["parts"]["workers"] == {"state": "fault", "says": "no worker reports on any host"}
    assert list(parts(client)) == [
        "database", "redis", "broker", "mail", "disk", "clock", "workers", "runners", "sweeper"
    ]  # fmt: skip


@pytest.fixture
def roomy_disk(monkeypatch):
    """A disk with room, whatever this machine has left."""
    real = os.statvfs

    def with_room(folder):
        found = list(real(folder))
        found[3:8] = [1 << 40] * 5  # blocks and files that are free
        return os.statvfs_result(found)

    monkeypatch.setattr("os.statvfs", with_room)


def test_readyz_answers_200_once_every_part_works(client, tmp_path, settings, roomy_disk):
    settings.MESSAGES = tmp_path
    now = timezone.now()  # PostgreSQL's clock cannot travel
    Worker.objects.create(name="here/1", seen_at=now, runner={"ready": True, "reasons": []})
    hold_lease(name="sweeper", holder="here/1", length=SWEEPER_LEASE, now=now)
    answer = client.get("/readyz", headers=HERE)
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


def test_readyz_names_a_host_whose_workers_are_silent(client):
    now = timezone.now()
    runner = {"ready": True, "reasons": []}
    for name, seconds in (("here/1", 40), ("here/2", 1), ("there/1", 40)):
        Worker.objects.create(name=name, seen_at=now - timedelta(seconds=seconds), runner=runner)
    found = client.get("/readyz", headers=HERE).json()["parts"]
    assert found["workers"] == {"state": "fault", "says": "no worker reports on there"}
    assert found["runners"]["state"] == "works"


def test_readyz_reports_a_disk_that_is_nearly_full(client, settings, roomy_disk):
    assert parts(client)["disk"] == "works"
    settings.LEAST_FREE_DISK = 1 << 60
    assert parts(client)["disk"] == "fault"


def test_readyz_needs_no_redis_where_none_is_used(client, settings):
    settings.REDIS_URL = ""
    assert parts(client)["redis"] == "not used"


def test_mail_is_counted_as_sent_failed_or_unsent(settings):
    port = free_port()
    settings.MAILERS = {
        "default": {"BACKEND": "config.mail.MailServer", "OPTIONS": {"host": "127.0.0.1", "port": port}}
    }
    before = {result: MAILS.labels(result)._value.get() for result in ("sent", "failed", "unsent")}
    with pytest.raises(OSError, match="refused"):
        mail.send_mail("A title", "A text", "a@example.org", ["b@example.org"])
    settings.MAILERS = {"default": {"BACKEND": settings.MAILER_THAT_SENDS_NOTHING}}
    mail.send_mail("A title", "A text", "a@example.org", ["b@example.org"])
    after = {result: MAILS.labels(result)._value.get() - before[result] for result in before}
    assert after == {"sent": 0, "failed": 1, "unsent": 1}
