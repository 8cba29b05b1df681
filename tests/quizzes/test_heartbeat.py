"""The heartbeat (D20) proves that pages are served: the sweeper asks the web server, which records it."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core import signing
from django.core.management import call_command
from django.test import Client

from bench.rig.ports import free_port
from foundation import clock
from quizzes.models import Heartbeat
from quizzes.selectors import outages_to_make_good
from quizzes.services import beat, start_sitting
from quizzes.services.heartbeat import HEARTBEAT
from quizzes.services.heartbeat_watch import HeartbeatWatch
from tests import factories as make

NOW = make.NOW


@pytest.mark.django_db(transaction=True)
def test_a_web_server_that_answers_writes_the_beat(live_server):
    assert HeartbeatWatch(clock.now).ask(live_server.url) == ""
    assert Heartbeat.objects.count() == 1


@pytest.mark.django_db
def test_a_dead_web_server_is_an_outage_whatever_the_sweeper_does(settings):
    course = make.make_course()
    exam, learner = make.make_exam(course=course), make.enroll(course=course)
    start_sitting(learner=learner, assessment=exam, now=NOW)
    beat(now=NOW)
    settings.WEB_URL = f"http://127.0.0.1:{free_port()}"
    assert HeartbeatWatch(clock.now).ask(settings.WEB_URL) == "did not answer (ConnectionRefusedError)"
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        call_command("sweep", once=True, stdout=StringIO())
    assert Heartbeat.objects.get().beat_at == NOW
    beat(now=NOW + timedelta(minutes=3))  # the web server is back
    (outage,) = outages_to_make_good(course.pk, NOW + timedelta(minutes=3))
    assert (outage.seconds, [sitting.learner for sitting in outage.running]) == (180, [learner])


@pytest.mark.django_db
def test_heartbeats_of_a_wrong_clock_hide_no_outage_and_are_none():
    course, day = make.make_course(), timedelta(days=1)
    exam = make.make_exam(course=course, time_limit=timedelta(days=3))
    start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)
    beat_through(NOW, NOW + timedelta(seconds=20))
    beat_through(NOW + day, NOW + day + timedelta(minutes=5))  # the clock was a day ahead, and is put right
    back = NOW + timedelta(seconds=40)
    beat_through(back, NOW + timedelta(minutes=2))
    assert outages_to_make_good(course.pk, NOW + timedelta(minutes=2)) == []
    returned = NOW + timedelta(minutes=10)
    beat(now=returned)
    (outage,) = outages_to_make_good(course.pk, returned)
    assert (outage.began_at, outage.seconds) == (NOW + timedelta(minutes=2), 480)
    Heartbeat.objects.filter(started_at=returned).update(beat_at=NOW + day - timedelta(seconds=40))  # all day long
    beat_through(NOW + day - timedelta(seconds=30), NOW + day + timedelta(minutes=2))
    later = NOW + day + timedelta(minutes=4)  # the wrong time has come and is not over
    beat(now=later)
    assert [each.seconds for each in outages_to_make_good(course.pk, later)] == [120]


def beat_through(begin, end):
    """Record a heartbeat every ten seconds."""
    while begin <= end:
        beat(now=begin)
        begin += timedelta(seconds=10)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    ["", "heartbeat", signing.dumps(HEARTBEAT, salt="another"), "é:ü:ß"],
    ids=["empty", "unsigned", "signed for another use", "not a signature"],  # a signature holds the time
)
def test_only_a_holder_of_the_secret_key_asks_for_a_beat(body):
    assert Client().post("/heartbeat", body, content_type="text/plain").status_code == 404
    assert Heartbeat.objects.count() == 0


@pytest.mark.django_db
def test_a_production_host_answers_the_sweeper_without_https(settings):
    settings.SECURE_SSL_REDIRECT = True
    signed = signing.dumps(HEARTBEAT, salt=HEARTBEAT)
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/heartbeat", signed, content_type="text/plain", headers={"Host": "localhost"})
    assert (answer.status_code, Heartbeat.objects.count()) == (204, 1)
