"""The cause of an outage, from what a sweeper meets on real sockets and at a real database (D20)."""

import json
import sqlite3
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
import time_machine
from django.core import signing
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from bench.rig.ports import free_port
from foundation import clock
from operations.management.commands.sweep import Command
from quizzes.models import FullHolder, FullPeriod, Heartbeat, Lease, Outage
from quizzes.rules.full_servers import FullSpan, Holder, HolderKind, full_body
from quizzes.rules.heartbeats import DatabaseState, HeartbeatReply, SeenCause
from quizzes.rules.outages import Sighting, SweeperReport
from quizzes.services import beat, heartbeat_watch
from quizzes.services.heartbeat import HEARTBEAT, database_state
from quizzes.services.heartbeat_watch import HeartbeatWatch
from tests import factories as make
from tests.quizzes.failing_servers import answering_server, closed_port, closing_server, silent_server

NOW = make.NOW
SECOND = timedelta(seconds=1)
BEFORE = NOW - 60 * SECOND
HOLDER = Holder(HolderKind.ADDRESS, "192.0.2.7", None, connections=900, requests=12, size=5, refused=340)
FULL = json.dumps(full_body([FullSpan(NOW - 40 * SECOND, NOW, (HOLDER,))])).encode()


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(heartbeat_watch, "PATIENCE", 0.05)


def seen_of(watch):
    return [each.seen for each in watch.report.seen]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("server", "problem", "seen"),
    [
        (closed_port, "did not answer (ConnectionRefusedError)", SeenCause.PROCESS_DEAD),
        (silent_server, "did not answer (TimeoutError)", SeenCause.REFUSED_FULL),
        (closing_server, "did not answer (ConnectionResetError)", SeenCause.CLOSED),
        (lambda: answering_server(503), "answered 503", SeenCause.REFUSED_FULL),
        (lambda: answering_server(503, FULL), "answered 503", SeenCause.REFUSED_FULL),
        (lambda: answering_server(500, b"<p>"), "answered 500", SeenCause.REFUSED_FULL),
    ],
    ids=["closed port", "never answers", "resets", "503", "503 and full", "500"],
)
@pytest.mark.usefixtures("impatient")
def test_what_a_failing_web_server_says_about_the_cause(server, problem, seen):
    watch = HeartbeatWatch(clock.now)
    with server() as url:
        assert watch.ask(url) == problem
    assert seen_of(watch) == [seen]


def lose_database(monkeypatch, tmp_path):
    """Let new connections find no database: nothing listens at its port, or its folder is gone."""
    connection.close()
    changes = (
        {"NAME": str(tmp_path / "gone" / "database")} if connection.vendor == "sqlite" else {"PORT": str(free_port())}
    )
    for name, value in changes.items():
        monkeypatch.setitem(connection.settings_dict, name, value)


ANSWERS = [silent_server, closing_server, lambda: answering_server(503), lambda: answering_server(503, FULL)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("server", ANSWERS, ids=["silent", "closing", "503", "503 and full"])
@pytest.mark.usefixtures("impatient")
def test_a_database_that_goes_away_is_the_cause_whatever_the_web_server_answers(server, monkeypatch, tmp_path):
    watch = HeartbeatWatch(clock.now)
    with monkeypatch.context() as lost, server() as url:
        lose_database(lost, tmp_path)
        watch.ask(url)
    assert seen_of(watch) == [SeenCause.DATABASE_AWAY]
    with silent_server() as url:
        watch.ask(url)
    assert seen_of(watch) == [SeenCause.DATABASE_AWAY, SeenCause.REFUSED_FULL]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_cannot_write_is_away():
    with connection.cursor() as cursor:
        cursor.execute(READ_ONLY[connection.vendor])
    try:
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            Lease.objects.create(name="x", until=NOW)
    finally:
        connection.close()
    assert database_state(refused.value) is DatabaseState.AWAY


READ_ONLY = {"sqlite": "PRAGMA query_only = 1", "postgresql": "SET default_transaction_read_only = 1"}


def caused(cause, words=""):
    error = OperationalError(words)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (caused(psycopg.errors.TooManyConnections()), DatabaseState.BUSY),
        (caused(psycopg.errors.LockNotAvailable()), DatabaseState.BUSY),
        (caused(psycopg.errors.QueryCanceled()), DatabaseState.BUSY),
        (caused(psycopg.OperationalError(), "FATAL:  sorry, too many clients already"), DatabaseState.BUSY),
        (OperationalError("database is locked: the queue of writers did not move"), DatabaseState.BUSY),
        (caused(psycopg.errors.AdminShutdown()), DatabaseState.AWAY),
        (caused(psycopg.errors.DiskFull()), DatabaseState.AWAY),
        (caused(psycopg.errors.ConnectionTimeout()), DatabaseState.AWAY),
        (caused(psycopg.OperationalError(), "connection refused"), DatabaseState.AWAY),
        (OperationalError("unable to open database file"), DatabaseState.AWAY),
    ],
    ids=str,
)
def test_what_others_can_cause_is_a_busy_database_and_everything_else_one_that_is_away(error, state):
    assert database_state(error) is state


def test_a_database_that_somebody_keeps_locked_is_busy_and_not_away(tmp_path):
    path = tmp_path / "one"
    with closing(sqlite3.connect(path, timeout=0)) as one, closing(sqlite3.connect(path, timeout=0)) as two:
        one.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError) as locked:
            two.execute("BEGIN IMMEDIATE")
    assert database_state(caused(locked.value)) is DatabaseState.BUSY


@pytest.mark.django_db
@pytest.mark.parametrize("status", [200, 503])
def test_a_server_tells_who_held_it_also_with_a_heartbeat_and_a_repeated_telling_adds_nothing(status):
    watch = HeartbeatWatch(clock.now)
    with time_machine.travel(NOW, tick=False), answering_server(status, FULL) as url:
        for _ in range(2):
            watch.ask(url)
    (period,) = FullPeriod.objects.all()
    assert (period.from_at, period.until_at) == (NOW - 40 * SECOND, NOW)
    numbers = ("address", "person", "connections", "requests", "size", "refused")
    assert list(FullHolder.objects.values_list(*numbers)) == [("192.0.2.7", None, 900, 12, 5, 340)]


@pytest.mark.django_db
def test_a_heartbeat_begins_the_report_again():
    watch = HeartbeatWatch(clock.now)
    with closed_port() as url:
        watch.ask(url)
        watch.ask(url)
    assert seen_of(watch) == [SeenCause.PROCESS_DEAD]  # one stretch
    with answering_server(204) as url:
        assert watch.ask(url) == ""
    assert seen_of(watch) == []


def test_a_sweeper_that_wakes_late_says_that_the_machine_stood_still():
    ticks = iter([timedelta(), 70 * SECOND])
    with time_machine.travel(NOW, tick=False):
        watch = HeartbeatWatch(clock.now, lambda: next(ticks))
        watch.wait_until(10)
        watch.be_back()
    assert watch.report.seen == (Sighting(NOW - 60 * SECOND, NOW, SeenCause.MACHINE_STALLED),)


def test_a_sweeper_that_wakes_in_time_says_nothing():
    ticks = iter([timedelta(), 11 * SECOND])
    watch = HeartbeatWatch(clock.now, lambda: next(ticks))
    watch.wait_until(10)
    watch.be_back()
    assert watch.report.seen == ()


def report(seen, began=BEFORE, ended=NOW, since=BEFORE - 60 * SECOND):
    return SweeperReport(since, (Sighting(began, ended, seen),))


def recorded():
    return [(each.began_at, each.ended_at, each.cause) for each in Outage.objects.order_by("began_at")]


@pytest.mark.django_db
@pytest.mark.parametrize("seen", [each for each in SeenCause if each is not SeenCause.CLOSED])
def test_the_outage_is_recorded_with_what_the_sweeper_saw(seen):
    beat(now=BEFORE)
    beat(now=NOW, report=report(seen), serving_since=BEFORE)
    assert recorded() == [(BEFORE, NOW, seen.value)]


@pytest.mark.django_db
def test_a_sweeper_of_the_last_release_records_an_outage_without_a_cause():
    beat(now=BEFORE)
    signed = signing.dumps(HEARTBEAT, salt=HEARTBEAT)
    with time_machine.travel(signing.time.time(), tick=False):
        assert Client().post("/heartbeat", signed, content_type="text/plain").status_code == 204
    assert (Heartbeat.objects.count(), recorded()) == (2, [])


@pytest.mark.django_db(transaction=True)
def test_the_web_server_records_the_cause_that_the_sweeper_signed(live_server):
    gone = timezone.now() - 90 * SECOND
    beat(now=gone)
    watch = HeartbeatWatch(clock.now)
    watch.asking_since = watch.reached = gone + SECOND
    with closed_port() as url:
        watch.ask(url)
    assert watch.ask(live_server.url) == ""
    (outage,) = Outage.objects.all()
    assert (outage.began_at, outage.cause, outage.period.started_at) == (gone, "process_dead", outage.ended_at)


@pytest.mark.django_db
def test_a_second_sweeper_that_saw_something_else_takes_back_that_only_we_can_have_caused_it():
    beat(now=BEFORE)
    beat(now=NOW, report=report(SeenCause.PROCESS_DEAD), serving_since=BEFORE)
    beat(now=NOW + SECOND, report=report(SeenCause.DATABASE_AWAY), serving_since=BEFORE)
    assert recorded() == [(BEFORE, NOW, "process_dead")]
    beat(now=NOW + 2 * SECOND, report=report(SeenCause.REFUSED_FULL), serving_since=BEFORE)
    assert recorded() == [(BEFORE, NOW, "refused_full")]
    beat(now=NOW + 3 * SECOND, report=report(SeenCause.PROCESS_DEAD), serving_since=BEFORE)
    assert recorded() == [(BEFORE, NOW, "refused_full")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OperationalError("unable to open database file"), "database_away"),
        (OperationalError("database is locked"), "refused_full"),
        (ValueError("a bug"), "refused_full"),
    ],
    ids=["away", "locked", "another error"],
)
def test_a_sweeper_without_a_web_server_records_what_the_database_did(settings, error, cause):
    settings.WEB_URL = ""
    command = Command()
    with time_machine.travel(BEFORE, tick=False) as travel:
        command.watch = HeartbeatWatch(clock.now)
        travel.shift(SECOND)
        command.beat_alone(now=clock.now())
        began = clock.now()
        travel.shift(50 * SECOND)
        command.remember(error)
        travel.shift(SECOND)
        command.beat_alone(now=clock.now())
    assert recorded() == [(began, began + 51 * SECOND, cause)]


def test_every_error_of_a_connection_has_its_reply():
    assert heartbeat_watch.reply_of(OSError("no route to host")) is HeartbeatReply.FAILED
    assert heartbeat_watch.answer_in(429, b'{"full": []}').reply is HeartbeatReply.FAILED
    assert heartbeat_watch.answer_in(429, FULL).reply is HeartbeatReply.FULL
    assert heartbeat_watch.answer_in(204, b"").reply is None
