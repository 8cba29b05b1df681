"""Exams without a time limit end when they are handed in or close, and nothing changes a clock that they do not have (D36)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from foundation.refusals import Refusal
from grading.selectors import certificate_of
from people.models import Accommodation, Enrollment
from portal.allowances.services import extend_activity
from quizzes import services
from quizzes.models import Assessment, Attempt, Heartbeat, Sitting, SittingQuestion
from quizzes.rules.timing import NETWORK_GRACE, NO_END, SETTLEMENT
from quizzes.selectors import open_sitting_of, outages_to_make_good, running_sittings
from quizzes.selectors.learner_progress import exams_in
from quizzes.selectors.own_data import answer_data
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW
TICK, MINUTE, DAY = timedelta(microseconds=1), timedelta(minutes=1), timedelta(days=1)
CLOSING = NOW + 7 * DAY


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher():
    return make.make_user(is_staff=True)


@pytest.fixture
def exam(course):
    return make.make_exam(course=course, time_limit=None)


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


def start(exam, learner, now=NOW):
    return services.start_sitting(learner=learner, assessment=exam, now=now)[0]


def again(sitting):
    return Sitting.objects.get(pk=sitting.pk)


def question_of(sitting, place=0):
    return sitting.questions.order_by("position")[place].question


def check(sitting, now, place=0):
    question = question_of(sitting, place)
    said = {"question_id": question.pk, "response": make.right(question), "number": 1}
    return services.check_response(learner=sitting.learner, now=now, **said)


def save(sitting, now, place=0):
    question = question_of(sitting, place)
    said = {"question_id": question.pk, "response": make.right(question), "revision": 0}
    return services.save_draft(learner=sitting.learner, now=now, **said)


def close(exam, closes_at, now):
    """Set the closing time of everyone, as a load does."""
    Assessment.objects.filter(pk=exam.pk).update(closes_at=closes_at)
    with transaction.atomic():
        return services.follow_closings(course_id=exam.course_id, now=now)


def code_of(act, **facts):
    with pytest.raises(Refusal) as refused:
        act(**facts)
    return refused.value.code


def test_it_stays_open_until_its_learner_hands_in(exam, learner):
    sitting = start(exam, learner)
    much_later = NOW + 3000 * DAY
    save(sitting, much_later, place=1)
    assert (check(sitting, much_later).is_right, services.settle_due(now=much_later)) == (True, 0)
    assert open_sitting_of(learner.pk, much_later).deadline_at is None
    assert start(exam, learner, much_later).pk == sitting.pk
    ended = services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=much_later + MINUTE)
    assert (ended.ended_by, ended.submitted_at, Attempt.objects.count()) == ("learner", much_later + MINUTE, 2)
    assert code_of(save, sitting=sitting, now=much_later + DAY) == "sitting_over"


def test_it_ends_at_the_closing_with_the_grace_and_the_settlement_of_any_deadline(exam, learner):
    Assessment.objects.filter(pk=exam.pk).update(closes_at=CLOSING)
    sitting = start(exam, learner)
    assert sitting.deadline_at == CLOSING
    save(sitting, CLOSING - MINUTE, place=1)
    assert check(sitting, CLOSING + NETWORK_GRACE).attempt.is_in_grace is True
    assert code_of(save, sitting=sitting, now=CLOSING + NETWORK_GRACE + TICK) == "sitting_over"
    assert services.settle_due(now=CLOSING + SETTLEMENT - TICK) == 0
    assert services.settle_due(now=CLOSING + SETTLEMENT) == 1
    assert (again(sitting).ended_by, again(sitting).submitted_at) == ("deadline", CLOSING)
    assert list(Attempt.objects.order_by("pk").values_list("by", flat=True)) == ["learner", "deadline"]


def test_a_time_multiplier_means_nothing(exam, learner, teacher):
    enrollment = Enrollment.objects.get(user=learner)
    Accommodation.objects.create(enrollment=enrollment, multiplier=Decimal(2), author=teacher, created_at=NOW)
    Assessment.objects.filter(pk=exam.pk).update(closes_at=CLOSING)
    assert start(exam, learner).deadline_at == CLOSING


@pytest.mark.parametrize("ids", ["named", "all"])
@pytest.mark.parametrize(
    ("act", "more"),
    [
        (services.add_minutes, {"minutes": 10, "key": "k"}),
        (services.pause_sittings, {"hours": 1}),
        (services.resume_sittings, {}),
    ],
)
def test_there_is_no_clock_to_extend_or_to_pause(exam, learner, teacher, ids, act, more):
    sitting = start(exam, learner)
    said = {"course": exam.course, "reason": "r", "author": teacher, "now": NOW + MINUTE, **more}
    named = [sitting.pk] if ids == "named" else None
    assert code_of(act, sitting_ids=named, **said) == "no_time_limit"
    assert (again(sitting).deadline_at, again(sitting).paused_at) == (NO_END, None)


def test_minutes_and_pauses_for_all_reach_only_the_exams_with_a_clock(course, exam, teacher):
    timed = start(make.make_exam(course=course), make.enroll(course=course))
    untimed = start(exam, make.enroll(course=course))
    said = {"course": course, "sitting_ids": None, "reason": "r", "author": teacher, "now": NOW + MINUTE}
    services.add_minutes(minutes=10, key="k", **said)
    services.pause_sittings(hours=1, **said)
    assert again(timed).deadline_at == timed.deadline_at + 10 * MINUTE
    assert [again(each).paused_at for each in (timed, untimed)] == [NOW + MINUTE, None]


def test_a_later_closing_for_one_learner_moves_the_end_of_a_running_exam_and_never_back(course, exam, teacher):
    Assessment.objects.filter(pk=exam.pk).update(closes_at=CLOSING)
    mine, other = (start(exam, make.enroll(course=course)) for _ in range(2))
    said = {"course": course, "learner_id": mine.learner_id, "activity": exam.pk, "due_at": None, "reason": "ill"}
    extend_activity(closes_at=CLOSING + DAY, author=teacher, now=NOW + DAY, **said)
    assert [again(each).deadline_at for each in (mine, other)] == [CLOSING + DAY, CLOSING]
    assert check(mine, CLOSING + DAY).is_right is True
    extend_activity(closes_at=None, author=teacher, now=NOW + 2 * DAY, **said)
    assert again(mine).deadline_at == CLOSING + DAY


def test_a_later_closing_for_one_learner_leaves_an_exam_with_a_clock_alone(course, teacher):
    exam = make.make_exam(course=course, closes_at=NOW + MINUTE)
    sitting = start(exam, make.enroll(course=course))
    said = {"course": course, "learner_id": sitting.learner_id, "activity": exam.pk, "due_at": None, "reason": "ill"}
    extend_activity(closes_at=NOW + DAY, author=teacher, now=NOW, **said)
    assert again(sitting).deadline_at == NOW + MINUTE


def test_the_first_closing_of_an_exam_ends_its_sittings_and_an_earlier_one_does_not(exam, learner):
    sitting = start(exam, learner)
    assert close(exam, CLOSING, NOW + DAY) == 1
    assert (again(sitting).deadline_at, again(sitting).accepts_until) == (CLOSING, CLOSING + NETWORK_GRACE)
    assert close(exam, CLOSING - DAY, NOW + DAY) == 0
    assert close(exam, CLOSING + DAY, NOW + DAY) == 1
    assert again(sitting).deadline_at == CLOSING + DAY


@pytest.mark.parametrize(
    ("at", "end"), [(CLOSING - DAY, CLOSING), (CLOSING + DAY, CLOSING + DAY)], ids=["before", "after"]
)
def test_an_exam_that_was_void_when_its_closing_was_set_ends_at_it_once_it_counts_again(
    course, exam, learner, teacher, at, end
):
    sitting = start(exam, learner)
    asked = {"course": course, "sitting_id": sitting.pk, "reason": "the wrong room", "author": teacher}
    services.void_sitting(**asked, now=NOW)
    assert close(exam, CLOSING, NOW + DAY) == 0
    services.undo_void(**asked, now=at)
    assert (again(sitting).deadline_at, again(sitting).is_void) == (end, False)


def test_a_closing_in_the_past_ends_the_exam_now_and_keeps_what_was_accepted(exam, learner):
    sitting = start(exam, learner)
    check(sitting, NOW + DAY)
    save(sitting, NOW + DAY + 10 * MINUTE, place=1)  # while the load waited for the learner
    close(exam, NOW, NOW + DAY)
    assert again(sitting).deadline_at == NOW + DAY + 10 * MINUTE
    assert services.settle_due(now=NOW + DAY + 11 * MINUTE) == 1
    assert Attempt.objects.filter(sitting=sitting, is_correct=True).count() == 2


def test_a_running_exam_keeps_the_kind_that_it_had_at_the_start(course, exam, teacher):
    untimed, timed = (
        start(exam, make.enroll(course=course)),
        start(make.make_exam(course=course), make.enroll(course=course)),
    )
    Assessment.objects.filter(pk=untimed.assessment_id).update(time_limit=timedelta(hours=1))
    Assessment.objects.filter(pk=timed.assessment_id).update(time_limit=None, closes_at=CLOSING)
    with transaction.atomic():
        assert services.follow_closings(course_id=course.pk, now=NOW) == 0
    said = {"course": course, "minutes": 10, "reason": "r", "author": teacher, "now": NOW}
    services.add_minutes(sitting_ids=[timed.pk], key="k", **said)
    assert again(timed).deadline_at == timed.deadline_at + 10 * MINUTE
    assert code_of(services.add_minutes, sitting_ids=[untimed.pk], key="k", **said) == "no_time_limit"


def test_a_course_is_archived_or_hidden_once_its_exams_have_a_closing(course, exam, learner, teacher):
    start(exam, learner)
    said = {"course": course, "author": teacher}
    assert code_of(services.archive_course, now=NOW + DAY, **said) == "exams_without_end"
    assert code_of(services.set_visibility, visibility="hidden", now=NOW + DAY, **said) == "exams_without_end"
    close(exam, CLOSING, NOW + DAY)
    assert code_of(services.archive_course, now=NOW + DAY, **said) == "exams_running"
    assert services.archive_course(now=CLOSING + SETTLEMENT, **said).archived_at == CLOSING + SETTLEMENT


def test_the_certificate_waits_for_the_end(course, exam, learner):
    review = make.make_review(course=course, kinds=["true_false"])
    services.check_response(learner=learner, question_id=review.questions.get().pk, response=True, number=1, now=NOW)
    sitting = start(exam, learner)
    check(sitting, NOW, place=0)
    check(sitting, NOW, place=1)
    assert certificate_of(learner.pk, course.pk) is None
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW + DAY)
    assert certificate_of(learner.pk, course.pk) is not None


def test_what_learners_download_says_that_there_is_no_deadline(exam, learner):
    start(exam, learner)
    facts = dict(answer_data(learner.pk, None, NOW))
    assert [row["deadline_at"] for row in facts["sittings"]] == [None]


def test_an_outage_takes_no_time_from_it(course, exam, learner):
    start(exam, learner)
    Heartbeat.objects.create(started_at=NOW, beat_at=NOW + MINUTE)
    Heartbeat.objects.create(started_at=NOW + 10 * MINUTE, beat_at=NOW + 11 * MINUTE)
    assert outages_to_make_good(course.pk, NOW + 11 * MINUTE) == []
    start(make.make_exam(course=course), make.enroll(course=course))
    assert len(outages_to_make_good(course.pk, NOW + 11 * MINUTE)) == 1


def test_exams_that_end_first_come_first(course, exam):
    endless = start(exam, make.enroll(course=course))
    timed = start(make.make_exam(course=course), make.enroll(course=course))
    assert [each.pk for each in running_sittings(course.pk, NOW)] == [timed.pk, endless.pk]


def test_the_database_replaces_no_end_by_an_end_and_never_lowers_that(exam, learner):
    rows = Sitting.objects.filter(pk=start(exam, learner).pk)
    rows.update(deadline_at=CLOSING, accepts_until=CLOSING + NETWORK_GRACE)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(deadline_at=CLOSING - TICK)
    assert rows.get().deadline_at == CLOSING


def test_its_paper_is_drawn_and_pinned_as_any_other(exam, learner):
    sitting = start(exam, learner)
    rows = SittingQuestion.objects.filter(sitting=sitting)
    assert (rows.count(), rows.filter(version=None).count(), again(sitting).is_untimed) == (2, 0, True)


@pytest.mark.parametrize("order", ["untimed first", "timed first"])
def test_of_several_exams_the_one_started_last_is_the_learners(course, exam, learner, order):
    timed = make.make_exam(course=course)
    first, last = (exam, timed) if order == "untimed first" else (timed, exam)
    start(first, learner)
    start(last, learner, NOW + MINUTE)
    assert exams_in(course.pk, [learner.pk])[learner.pk].title == last.title
