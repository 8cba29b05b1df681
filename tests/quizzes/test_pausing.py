"""Pauses of running exams: the clock is stopped, nothing is accepted, and the deadline grows by the time of the pause (D32, I2)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from foundation.refusals import Refusal
from quizzes import services
from quizzes.models import Attempt, Sitting, SittingPause, SittingQuestion, SittingResumption
from quizzes.selectors import open_sitting_of, paper_of
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


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


def pause(world, sitting_ids=None, **changes):
    course, teacher, _ = world
    said = {"hours": 24, "reason": "a fire alarm", "author": teacher, "now": NOW + 10 * MINUTE}
    return services.pause_sittings(course=course, sitting_ids=sitting_ids, **{**said, **changes})


def resume(world, sitting_ids=None, **changes):
    course, teacher, _ = world
    said = {"reason": "the alarm is over", "author": teacher, "now": NOW + 30 * MINUTE}
    return services.resume_sittings(course=course, sitting_ids=sitting_ids, **{**said, **changes})


def again(sitting):
    return Sitting.objects.get(pk=sitting.pk)


def answer(sitting, now, **changes):
    question = sitting.questions.first().question
    facts = {"question_id": question.pk, "response": make.right(question), "number": 1, **changes}
    return services.check_response(learner=sitting.learner, now=now, **facts)


def save(sitting, now, revision=0):
    question = sitting.questions.first().question
    response = make.right(question)
    return services.save_draft(
        learner=sitting.learner, question_id=question.pk, response=response, revision=revision, now=now
    )


def code_of(act, *args, **facts):
    with pytest.raises(Refusal) as refused:
        act(*args, **facts)
    return refused.value.code


def test_one_several_or_all_running_exams_are_paused(world):
    sittings = world[2]
    pause(world, [sittings[0].pk])
    assert [again(each).paused_at for each in sittings] == [NOW + 10 * MINUTE, None, None]
    done = pause(world, now=NOW + 11 * MINUTE)
    assert (len(done.pauses), done.repeated, done.over) == (2, (sittings[0].pk,), ())
    assert [again(each).paused_at for each in sittings] == [NOW + 10 * MINUTE, *[NOW + 11 * MINUTE] * 2]
    entries = list(AuditEntry.objects.order_by("pk").values_list("action", "target", "reason"))
    assert entries == [
        ("pause_exams", f"sitting:{sittings[0].pk}", "a fire alarm"),
        ("pause_exams", f"course:{world[0].slug}", "a fire alarm"),
    ]


def test_no_exam_is_compared_with_every_other(world, monkeypatch):
    compared = []
    is_same = Sitting.__eq__
    monkeypatch.setattr(Sitting, "__eq__", lambda one, other: compared.append(one) or is_same(one, other))
    said = {"course": world[0], "author": world[1], "reason": "a fire alarm", "now": NOW + 5 * MINUTE}
    pause(world)
    resume(world)
    services.add_minutes(**said, sitting_ids=None, minutes=10, key="a")
    services.add_minutes(**said, sitting_ids=None, minutes=10, key="a")
    assert compared == []


def test_the_deadline_grows_by_exactly_the_time_of_the_pause(world):
    sitting = world[2][0]
    pause(world, [sitting.pk])
    second = timedelta(seconds=1234, microseconds=567)
    services.resume_sitting(learner=sitting.learner, sitting_id=sitting.pk, now=NOW + 10 * MINUTE + second)
    after = again(sitting)
    assert (after.deadline_at, after.paused_at, after.latest_deadline_at) == (sitting.deadline_at + second, None, None)
    assert after.accepts_until == sitting.accepts_until + second
    told = SittingResumption.objects.get()
    assert (told.author_id, told.deadline_before, told.deadline_after) == (
        sitting.learner_id,
        sitting.deadline_at,
        after.deadline_at,
    )


def test_an_instructor_resumes_one_or_all(world):
    sittings = world[2]
    pause(world)
    resume(world, [sittings[0].pk])
    done = resume(world, now=NOW + 40 * MINUTE)
    assert (len(done.resumptions), done.repeated) == (2, (sittings[0].pk,))
    grown = [again(each).deadline_at - each.deadline_at for each in sittings]
    assert grown == [20 * MINUTE, 30 * MINUTE, 30 * MINUTE]
    assert set(SittingResumption.objects.values_list("author", flat=True)) == {world[1].pk}
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))[1:] == ["resume_exams"] * 2


def test_nothing_is_accepted_in_a_pause_and_what_was_saved_is_safe(world):
    sitting = world[2][0]
    save(sitting, NOW)
    pause(world, [sitting.pk])
    during = NOW + 20 * MINUTE
    question = sitting.questions.first().question
    flagging = {"learner": sitting.learner, "question_id": question.pk, "is_flagged": True, "now": during}
    assert code_of(answer, sitting, during) == "sitting_paused"
    assert code_of(save, sitting, during, revision=1) == "sitting_paused"
    assert code_of(services.set_flag, **flagging) == "sitting_paused"
    assert (
        code_of(services.hand_in_sitting, learner=sitting.learner, sitting_id=sitting.pk, now=during)
        == "sitting_paused"
    )
    row = SittingQuestion.objects.get(sitting=sitting, question=question)
    assert (row.draft, row.revision, Attempt.objects.count()) == (make.right(question), 1, 0)
    services.resume_sitting(learner=sitting.learner, sitting_id=sitting.pk, now=during)
    assert answer(sitting, during).is_right is True


def test_what_was_received_before_the_pause_counts_though_it_waited_for_the_lock(world):
    sitting = world[2][0]
    pause(world, [sitting.pk])
    assert answer(sitting, NOW + 10 * MINUTE - timedelta(microseconds=1)).is_right is True


def test_an_exam_that_was_handed_in_before_the_pause_is_over_though_it_waited_for_the_lock(world):
    sitting = world[2][0]
    save(sitting, NOW)
    pause(world, [sitting.pk])
    at = NOW + 10 * MINUTE - timedelta(microseconds=1)
    services.hand_in_sitting(learner=sitting.learner, sitting_id=sitting.pk, now=at)
    after = again(sitting)
    assert (after.submitted_at, after.ended_by, after.paused_at) == (at, "learner", None)
    assert after.deadline_at == sitting.deadline_at
    assert Attempt.objects.get(sitting=sitting).is_correct is True
    ended = SittingResumption.objects.get()
    assert (ended.author_id, ended.resumed_at) == (None, NOW + 10 * MINUTE)


def test_the_sweeper_settles_no_paused_exam(world):
    sitting = world[2][0]
    pause(world, [sitting.pk])
    later = NOW + 5 * HOUR
    assert services.settle_due(now=later) == 2
    assert again(sitting).settled_at is None
    assert open_sitting_of(sitting.learner_id, later).is_paused is True


def test_a_pause_ends_at_its_latest_end_and_the_clock_runs_on_though_nobody_records_it(world):
    sitting = world[2][0]
    pause(world, [sitting.pk], hours=2)
    end = sitting.deadline_at + 2 * HOUR
    paper = paper_of(assessment=sitting.assessment, learner_id=sitting.learner_id, now=end - MINUTE)
    assert (paper.is_paused, paper.accepts_answers, paper.is_time_up) == (False, True, False)
    assert answer(sitting, end + timedelta(seconds=5)).is_right is True
    assert again(sitting).deadline_at == end
    assert (SittingResumption.objects.get().author_id, SittingResumption.objects.get().resumed_at) == (
        None,
        NOW + 10 * MINUTE + 2 * HOUR,
    )


def test_an_exam_whose_pause_nobody_ended_is_settled_at_its_later_deadline(world):
    sitting = world[2][0]
    save(sitting, NOW)
    pause(world, [sitting.pk], hours=2)
    end = sitting.deadline_at + 2 * HOUR
    services.settle_due(now=end + timedelta(seconds=29))
    assert again(sitting).settled_at is None
    services.settle_due(now=end + timedelta(seconds=30))
    assert (again(sitting).submitted_at, again(sitting).ended_by) == (end, "deadline")
    assert Attempt.objects.get(sitting=sitting).is_correct is True


def test_resuming_after_the_latest_end_gives_no_more_time(world):
    sitting = world[2][0]
    pause(world, [sitting.pk], hours=1)
    late = NOW + 10 * MINUTE + HOUR + 30 * MINUTE
    services.resume_sitting(learner=sitting.learner, sitting_id=sitting.pk, now=late)
    assert again(sitting).deadline_at == sitting.deadline_at + HOUR
    assert code_of(resume, world, [sitting.pk], now=late) == "not_paused"


def test_resuming_twice_is_harmless(world):
    sitting = world[2][0]
    pause(world, [sitting.pk])
    for minutes in (20, 25):
        services.resume_sitting(learner=sitting.learner, sitting_id=sitting.pk, now=NOW + minutes * MINUTE)
    assert again(sitting).deadline_at == sitting.deadline_at + 10 * MINUTE


def test_an_exam_can_be_paused_again_and_each_pause_counts(world):
    sitting = world[2][0]
    for minutes in (10, 30):
        pause(world, [sitting.pk], now=NOW + minutes * MINUTE)
        resume(world, [sitting.pk], now=NOW + (minutes + 5) * MINUTE)
    assert again(sitting).deadline_at == sitting.deadline_at + 10 * MINUTE


def test_minutes_added_in_a_pause_count_as_well(world):
    sitting = world[2][0]
    pause(world, [sitting.pk])
    services.add_minutes(
        course=world[0], sitting_ids=None, minutes=7, reason="r", key="k", author=world[1], now=NOW + 20 * MINUTE
    )
    resume(world, [sitting.pk])
    assert again(sitting).deadline_at == sitting.deadline_at + 27 * MINUTE


def test_pressing_start_again_in_a_pause_starts_no_clock(world):
    sitting = world[2][0]
    pause(world, [sitting.pk])
    found = services.start_sitting(learner=sitting.learner, assessment=sitting.assessment, now=NOW + 20 * MINUTE)
    assert found == (sitting, False)
    assert again(sitting).paused_at == NOW + 10 * MINUTE


def test_exams_without_time_left_are_named_and_skipped(world):
    sittings = world[2]
    services.hand_in_sitting(learner=sittings[0].learner, sitting_id=sittings[0].pk, now=NOW)
    done = pause(world, [each.pk for each in sittings])
    assert (done.over, len(done.pauses)) == ((sittings[0].pk,), 2)
    assert code_of(pause, world, [sittings[0].pk]) == "pause_too_late"
    assert code_of(resume, world, [sittings[0].pk]) == "not_paused"


def test_time_up_cannot_be_paused(world):
    sitting = world[2][0]
    assert code_of(pause, world, [sitting.pk], now=sitting.deadline_at) == "pause_too_late"
    pause(world, [sitting.pk], now=sitting.deadline_at - timedelta(microseconds=1))
    resume(world, [sitting.pk], now=sitting.deadline_at + HOUR)
    assert again(sitting).deadline_at == sitting.deadline_at + HOUR + timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"hours": 0}, "hours_invalid"),
        ({"hours": 169}, "hours_invalid"),
        ({"reason": "  "}, "reason_missing"),
        ({"sitting_ids": ["nothing"]}, "not_found"),
    ],
)
def test_what_is_refused_pauses_nothing(world, changes, code):
    assert code_of(pause, world, **changes) == code
    assert (SittingPause.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_only_the_learner_resumes_their_own_exam(world):
    one, two, _ = world[2]
    pause(world)
    facts = {"sitting_id": one.pk, "now": NOW + 20 * MINUTE}
    assert code_of(services.resume_sitting, learner=two.learner, **facts) == "not_found"
    assert again(one).paused_at is not None


def test_a_sitting_of_another_course_is_not_found(world):
    stranger = (make.make_course(), world[1], [])
    assert code_of(pause, stranger, [world[2][0].pk]) == "not_found"
    assert code_of(resume, stranger, [world[2][0].pk]) == "not_found"


@pytest.mark.parametrize(
    "changes",
    [
        {"latest_deadline_at": None},
        {"paused_at": None},
        {"paused_at": NOW - MINUTE},
        {"paused_at": NOW + HOUR},
        {"submitted_at": NOW, "ended_by": "learner"},
        {"deadline_at": NOW + MINUTE},
    ],
)
def test_the_database_refuses_a_pause_without_end_and_one_outside_of_the_exam(world, changes):
    sitting = world[2][0]
    pause(world, [sitting.pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        Sitting.objects.filter(pk=sitting.pk).update(**changes)


def test_a_voided_exam_that_counts_again_is_still_paused(world):
    sitting = world[2][0]
    pause(world, [sitting.pk])
    said = {"course": world[0], "sitting_id": sitting.pk, "reason": "r", "author": world[1], "now": NOW + 20 * MINUTE}
    services.void_sitting(**said)
    services.undo_void(**said)
    assert code_of(answer, sitting, NOW + 20 * MINUTE) == "sitting_paused"
    resume(world, [sitting.pk])
    assert again(sitting).deadline_at == sitting.deadline_at + 20 * MINUTE
