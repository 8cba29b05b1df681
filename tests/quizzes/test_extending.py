"""Minutes for running sittings: once per key, until settlement, never fewer (D15)."""

from datetime import timedelta

import pytest

from foundation.refusals import Refusal
from quizzes import services
from quizzes.models import Sitting, SittingExtension
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW
FIVE = timedelta(minutes=5)


@pytest.fixture
def world():
    course = make.make_course()
    exam = make.make_exam(course=course)
    teacher = make.make_user(is_staff=True)
    sittings = []
    for _ in range(3):
        sitting, _ = services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)
        sittings.append(sitting)
    return course, teacher, sittings


def add(world, sitting_ids=None, **changes):
    course, teacher, _ = world
    said = {"minutes": 5, "reason": "a fire alarm", "key": "k", "author": teacher, "now": NOW}
    return services.add_minutes(course=course, sitting_ids=sitting_ids, **{**said, **changes})


def grown(sittings):
    return [Sitting.objects.get(pk=found.pk).deadline_at - found.deadline_at for found in sittings]


def code_of(act, *args, **facts):
    with pytest.raises(Refusal) as refused:
        act(*args, **facts)
    return refused.value.code


def test_one_several_or_all_running_sittings_get_minutes(world):
    sittings = world[2]
    add(world, [sittings[0].pk], key="one")
    add(world, [sittings[0].pk, sittings[1].pk], key="two")
    add(world, key="all")
    assert grown(sittings) == [FIVE * 3, FIVE * 2, FIVE]
    entries = AuditEntry.objects.order_by("pk").values_list("action", "target", "reason")
    assert next(iter(entries)) == ("add_minutes", f"sitting:{sittings[0].pk}", "a fire alarm")
    assert len(entries) == 3


def test_each_sitting_can_get_its_own_seconds_and_the_audit_says_which(world):
    course, teacher, sittings = world
    times = {sittings[0].pk: 93, sittings[1].pk: 1, sittings[2].pk: 36_000}
    said = {"course": course, "reason": "an outage", "key": "k", "author": teacher, "now": NOW}
    done = services.add_time(sitting_ids=list(times), seconds=times, **said)
    assert {each.sitting_id: each.seconds for each in done.extensions} == times
    assert {each.sitting_id: each.minutes for each in done.extensions} == dict(zip(times, (2, 1, 600), strict=True))
    assert grown(sittings) == [timedelta(seconds=each) for each in times.values()]
    details = AuditEntry.objects.get().details
    assert dict(zip(details["sittings"], details["seconds"], strict=True)) == times


@pytest.mark.parametrize("seconds", [0, -1, 36_001])
def test_one_wrong_number_of_seconds_refuses_all(world, seconds):
    course, teacher, sittings = world
    times = {sittings[0].pk: 93, sittings[1].pk: seconds}
    said = {"course": course, "reason": "an outage", "key": "k", "author": teacher, "now": NOW}
    assert code_of(services.add_time, sitting_ids=list(times), seconds=times, **said) == "minutes_invalid"
    assert grown(sittings) == [timedelta()] * 3


def test_time_that_the_last_release_added_is_read_in_seconds_too(world):
    sitting = world[2][0]
    facts = {"sitting": sitting, "minutes": 5, "reason": "r", "key": "old", "author": world[1], "created_at": NOW}
    old = SittingExtension.objects.create(
        deadline_before=sitting.deadline_at, deadline_after=sitting.deadline_at + FIVE, **facts
    )
    assert old.seconds == 300


def test_the_same_key_again_adds_nothing(world):
    sittings = world[2]
    add(world)
    again = add(world)
    assert grown(sittings) == [FIVE] * 3
    assert (again.extensions, sorted(again.repeated)) == ((), sorted(found.pk for found in sittings))
    assert AuditEntry.objects.count() == 1


def test_answers_count_until_the_new_deadline(world):
    sitting = world[2][0]
    add(world, [sitting.pk])
    question = sitting.questions.first().question
    late = sitting.deadline_at + timedelta(minutes=4)
    outcome = services.check_response(
        learner=sitting.learner, question_id=question.pk, response=make.right(question), number=1, now=late
    )
    assert outcome.is_right is True


def test_time_can_be_added_past_the_deadline_until_the_settlement_and_not_after(world):
    sitting = world[2][0]
    last = sitting.deadline_at + timedelta(seconds=30)
    assert code_of(add, world, [sitting.pk], now=last) == "sitting_settled"
    add(world, [sitting.pk], now=last - timedelta(microseconds=1))
    assert grown([sitting]) == [FIVE]


def test_time_can_be_added_past_the_closing_of_the_exam(world):
    sitting = world[2][0]
    exam = sitting.assessment
    exam.closes_at = sitting.deadline_at
    exam.save()
    add(world, [sitting.pk])
    assert grown([sitting]) == [FIVE]


def test_settled_sittings_are_named_and_skipped(world):
    sittings = world[2]
    services.hand_in_sitting(learner=sittings[0].learner, sitting_id=sittings[0].pk, now=NOW)
    done = add(world, [found.pk for found in sittings])
    assert (done.settled, len(done.extensions)) == ((sittings[0].pk,), 2)
    assert grown(sittings) == [timedelta(0), FIVE, FIVE]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"minutes": 0}, "minutes_invalid"),
        ({"minutes": -5}, "minutes_invalid"),
        ({"minutes": 601}, "minutes_invalid"),
        ({"reason": "  "}, "reason_missing"),
        ({"sitting_ids": ["nothing"]}, "not_found"),
    ],
)
def test_what_is_refused_changes_nothing(world, changes, code):
    assert code_of(add, world, **changes) == code
    assert (SittingExtension.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_a_sitting_of_another_course_is_not_found(world):
    stranger = (make.make_course(), world[1], [])
    assert code_of(add, stranger, [world[2][0].pk]) == "not_found"
