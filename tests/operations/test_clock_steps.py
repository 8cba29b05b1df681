"""If somebody sets the server's clock while exams run, no exam ends by it, and an operator is told."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from foundation.clock import HELD, SteadyClock, process_time
from foundation.metrics import CLOCK_STEPS
from quizzes.models import Sitting, SittingQuestion
from quizzes.services import start_sitting
from tests import factories as make

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Machine:
    """The machine of a running site. `run` lets time pass, and `wall` is what its clock shows."""

    def __init__(self):
        self.wall, self.uptime = make.NOW, HOUR

    def run(self, time):
        self.wall, self.uptime = self.wall + time, self.uptime + time


@pytest.fixture
def machine(monkeypatch):
    found = Machine()
    monkeypatch.setattr(process_time, "wall", lambda: found.wall)
    return found


@pytest.fixture
def steady(machine, monkeypatch):
    """A program that has run since before the step."""
    monkeypatch.setattr(process_time, "steady", SteadyClock(lambda: machine.wall, lambda: machine.uptime))


@pytest.fixture
def sittings(machine):
    course = make.make_course()
    exam = make.make_exam(course=course, drawn=1, pool=1, kinds=["numeric"])
    learners = [make.enroll(course=course) for _ in range(3)]
    return [start_sitting(learner=each, assessment=exam, now=machine.wall)[0] for each in learners]


def sweep():
    """Let a sweeper come by. Return how many exams are over."""
    call_command("sweep", once=True)
    return Sitting.objects.exclude(submitted_at=None).count()


def save(client, sitting, revision):
    question = SittingQuestion.objects.get(sitting=sitting).question
    client.force_login(sitting.learner)
    body = {"response": "0.25", "revision": revision}
    return client.put(f"/api/v1/questions/{question.pk}/draft/", body, content_type="application/json")


def test_no_exam_ends_by_a_clock_that_was_set_ahead_and_put_right(client, machine, steady, sittings):
    before = CLOCK_STEPS._value.get()
    machine.run(10 * MINUTE)
    machine.wall += 3 * HOUR
    assert sweep() == 0
    assert save(client, sittings[0], 0).status_code == 200
    times = client.get(f"/api/v1/sittings/{sittings[0].pk}/").json()
    assert times["server_time"] == (make.NOW + 10 * MINUTE).isoformat().replace("+00:00", "Z")
    assert CLOCK_STEPS._value.get() == before + 1
    machine.run(40 * MINUTE)
    machine.wall -= 3 * HOUR
    assert sweep() == 0
    assert save(client, sittings[0], 1).status_code == 200
    machine.run(11 * MINUTE)
    assert sweep() == 3
    assert {sitting.submitted_at for sitting in Sitting.objects.all()} == {make.NOW + HOUR}


def test_a_step_that_stays_for_an_hour_counts(machine, steady, sittings):
    machine.wall += 3 * HOUR
    assert sweep() == 0
    machine.run(HELD)
    assert sweep() == 3


def test_without_a_steady_clock_every_exam_would_end(machine, sittings):
    machine.wall += 3 * HOUR
    assert sweep() == 3


def test_the_health_page_says_that_the_clock_was_set(client, machine, steady):
    machine.wall += 3 * HOUR
    clock = client.get("/readyz", headers={"Host": "localhost"}).json()["parts"]["clock"]
    assert clock["state"] == "fault"
    assert clock["says"].startswith("set ahead by 10800 s while this ran")
