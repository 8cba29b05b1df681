"""One sweeper at a time, elected through the database; heartbeats record our own outages."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from operations.management.commands import sweep
from quizzes import services
from quizzes.models import Heartbeat, Sitting
from quizzes.selectors.sittings import due_sittings
from quizzes.services import settling
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW, LENGTH = make.NOW, timedelta(seconds=30)


def hold(holder, seconds):
    return services.hold_lease(name="sweeper", holder=holder, length=LENGTH, now=NOW + timedelta(seconds=seconds))


def test_the_lease_has_one_holder_until_it_runs_out():
    turns = [hold("a", 0), hold("b", 10), hold("a", 20), hold("b", 49), hold("b", 50), hold("a", 51)]
    assert turns == [True, False, True, False, True, False]


def test_a_lease_that_a_wrong_clock_wrote_is_free_once_the_clock_is_right():
    assert [hold("a", 86400), hold("b", 0), hold("c", 29), hold("a", 30)] == [True, True, False, True]


def test_clocks_that_differ_by_up_to_thirty_seconds_share_one_lease():
    assert [hold("ahead", 30), hold("behind", 0), hold("ahead", 40), hold("behind", 10)] == [True, False, True, False]


def test_a_sitting_that_cannot_be_settled_keeps_no_other_waiting(monkeypatch):
    course, started = make.make_course(), NOW - timedelta(hours=2)
    exam = make.make_exam(course=course)
    for _ in range(3):
        services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=started)
    due = [pk for pk, *_ in due_sittings(now=NOW)]
    settle = settling.settle_expired
    monkeypatch.setattr(settling, "settle_expired", lambda pk, *args: 1 / 0 if pk == due[0] else settle(pk, *args))
    with pytest.raises(ExceptionGroup, match=f"all was done except: sitting {due[0]}$"):
        services.settle_due_one_by_one(now=NOW)
    assert set(Sitting.objects.exclude(settled_at=None).values_list("pk", flat=True)) == set(due[1:])
    with pytest.raises(ZeroDivisionError):  # a page must not show a grade without it
        services.settle_due(now=NOW)


def test_a_sweep_does_every_step_and_raises_the_errors_at_the_end(monkeypatch):
    done = []
    steps = sweep.Command().steps()
    fakes = {name: lambda *, now, name=name: done.append(name) for name in steps}
    fakes["expired sittings"] = lambda *, now: 1 / 0
    monkeypatch.setattr(sweep.Command, "steps", lambda self: fakes)
    with pytest.raises(ExceptionGroup, match=r"all was done except: expired sittings$"):
        call_command("sweep", once=True)
    assert done == [name for name in steps if name != "expired sittings"]


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
