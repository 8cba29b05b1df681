"""One sweeper at a time, elected through the database; heartbeats record our own outages."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from quizzes import services
from quizzes.models import Heartbeat, Sitting
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW, LENGTH = make.NOW, timedelta(seconds=30)


def hold(holder, seconds):
    return services.hold_lease(name="sweeper", holder=holder, length=LENGTH, now=NOW + timedelta(seconds=seconds))


def test_the_lease_has_one_holder_until_it_runs_out():
    turns = [hold("a", 0), hold("b", 10), hold("a", 20), hold("b", 49), hold("b", 50), hold("a", 51)]
    assert turns == [True, False, True, False, True, False]


def test_a_sweep_settles_due_sittings_and_asks_for_a_heartbeat():
    course = make.make_course()
    exam = make.make_exam(course=course)
    started = timezone.now() - timedelta(hours=2)
    services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=started)
    said = StringIO()
    call_command("sweep", once=True, stdout=said)
    assert said.getvalue() == "settled 1 sittings\n"
    assert Sitting.objects.get().ended_by == "deadline"
    assert Heartbeat.objects.count() == 1
