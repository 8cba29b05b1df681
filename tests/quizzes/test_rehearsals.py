"""Rehearsals and test runs: sittings of an exam that count for nothing (D46)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from grading.models import GradeChange, Score
from operations.services import verify_grades
from people.services import set_accommodation
from practice.models import PracticeMemory
from quizzes import services
from quizzes.models import Attempt, Sitting, SittingQuestion
from quizzes.refusals import Refusal
from quizzes.selectors import (
    has_running_exam,
    paper_of,
    past_runs,
    rehearsal_questions,
    ungraded_paper,
)
from quizzes.selectors.own_data import answer_data
from quizzes.selectors.sittings import unsettled_sittings
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW
HOUR = timedelta(hours=1)
REHEARSAL, TEST_RUN = Sitting.Kind.REHEARSAL, Sitting.Kind.TEST_RUN


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def exam(course):
    return make.make_exam(course=course, drawn=2, pool=3, kinds=["numeric"], time_limit=HOUR)


@pytest.fixture
def review(course, exam):
    return make.make_review(course=course, module=exam.module, kinds=["numeric", "true_false", "single_choice"])


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def teacher(course):
    return make.enroll(course=course, user=make.make_user(), role="instructor")


def finish(learner, review):
    """Answer every question of a review right, so that its keys are shown."""
    for question in review.questions.all():
        services.check_response(
            learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW
        )


@pytest.fixture
def rehearsal(learner, exam, review):
    finish(learner, review)
    return services.start_rehearsal(learner=learner, assessment=exam, now=NOW)[0]


def asked(sitting):
    return [row.question for row in sitting.questions.select_related("question__current").order_by("position")]


def address(sitting, question):
    return f"{sitting.pk}-{question.pk}"


def check(person, sitting, question, response, number=1, now=NOW):
    return services.check_response(
        learner=person, question_id=address(sitting, question), response=response, number=number, now=now
    )


def code_of(act, **facts):
    with pytest.raises(Refusal) as refusal:
        act(**facts)
    return refusal.value.code


def test_a_rehearsal_asks_final_review_questions_as_many_as_the_exam(rehearsal, review, exam):
    assert len(asked(rehearsal)) == 2
    assert {question.assessment_id for question in asked(rehearsal)} == {review.pk}
    assert rehearsal.deadline_at == NOW + HOUR


def test_a_rehearsal_asks_no_question_of_the_pool_and_none_that_can_still_earn_points(learner, exam, review, course):
    numeric, true_false, _ = review.questions.all()
    services.check_response(learner=learner, question_id=numeric.pk, response="9999", number=1, now=NOW)
    assert rehearsal_questions(course.pk, learner.pk, NOW) == []
    assert code_of(services.start_rehearsal, learner=learner, assessment=exam, now=NOW) == "rehearsal_empty"
    services.check_response(
        learner=learner, question_id=true_false.pk, response=make.wrong(true_false), number=1, now=NOW
    )
    sitting, _ = services.start_rehearsal(learner=learner, assessment=exam, now=NOW)
    assert asked(sitting) == [true_false]


def test_a_rehearsal_includes_the_extra_time_of_its_learner(learner, exam, review, course):
    finish(learner, review)
    author = make.enroll(course=course, user=make.make_user(), role="instructor")
    set_accommodation(
        course=course, learner_id=learner.pk, multiplier=Decimal("1.5"), reason="sight", author=author, now=NOW
    )
    sitting, _ = services.start_rehearsal(learner=learner, assessment=exam, now=NOW)
    assert sitting.deadline_at == NOW + HOUR * 3 / 2


def test_answers_in_a_rehearsal_change_no_grade_no_review_and_no_practice(rehearsal, learner, exam, review, course):
    def state():
        reviewed = paper_of(assessment=review, learner_id=learner.pk, now=NOW).cards
        counts = Score.objects.count(), GradeChange.objects.count(), PracticeMemory.objects.count()
        return [(card.attempts, card.is_correct, card.draft) for card in reviewed], counts

    before = state()
    first, second = asked(rehearsal)
    outcome = check(learner, rehearsal, first, make.wrong(first))
    assert not outcome.is_right
    services.save_draft(
        learner=learner, question_id=address(rehearsal, second), response=make.right(second), revision=0, now=NOW
    )
    services.set_flag(learner=learner, question_id=address(rehearsal, second), is_flagged=True, now=NOW)
    services.hand_in_sitting(learner=learner, sitting_id=rehearsal.pk, now=NOW)
    assert state() == before
    assert paper_of(assessment=exam, learner_id=learner.pk, now=NOW).sitting is None
    assert list(verify_grades(now=NOW)) == []


def test_keys_and_explanations_are_shown_at_the_end_alone(rehearsal, learner):
    first, _ = asked(rehearsal)
    check(learner, rehearsal, first, make.right(first))
    assert [card.feedback for card in ungraded_paper(learner, rehearsal.pk, NOW).cards] == [None, None]
    services.hand_in_sitting(learner=learner, sitting_id=rehearsal.pk, now=NOW)
    paper = ungraded_paper(learner, rehearsal.pk, NOW)
    assert all(card.feedback and card.is_explained for card in paper.cards)
    assert [card.is_correct for card in paper.cards] == [True, None]


def test_drafts_are_graded_at_the_end_and_time_runs_out_as_in_the_exam(rehearsal, learner):
    first, _ = asked(rehearsal)
    services.save_draft(
        learner=learner, question_id=address(rehearsal, first), response=make.right(first), revision=0, now=NOW
    )
    late = NOW + HOUR + timedelta(seconds=6)
    sent_late = {"sitting": rehearsal, "question": first, "response": make.wrong(first), "now": late}
    assert code_of(check, person=learner, **sent_late) == "sitting_over"
    services.settle_ungraded(person_id=learner.pk, sitting_id=rehearsal.pk, now=late)
    assert not ungraded_paper(learner, rehearsal.pk, late).is_settled
    over = NOW + HOUR + timedelta(seconds=30)
    services.settle_ungraded(person_id=learner.pk, sitting_id=rehearsal.pk, now=over)
    paper = ungraded_paper(learner, rehearsal.pk, over)
    assert paper.is_settled
    assert paper.sitting.submitted_at == rehearsal.deadline_at
    assert paper.cards[0].is_correct
    (run,) = past_runs(learner.pk, rehearsal.assessment_id, "rehearsal")
    assert (run.earned, run.possible, run.is_over) == (1, 2, True)


def test_the_same_check_again_gets_the_stored_result(rehearsal, learner):
    first, _ = asked(rehearsal)
    check(learner, rehearsal, first, make.right(first))
    assert check(learner, rehearsal, first, make.right(first)).is_replay
    assert Attempt.objects.filter(sitting=rehearsal).count() == 1


def test_starting_again_resumes_and_after_the_end_starts_anew(rehearsal, learner, exam):
    assert services.start_rehearsal(learner=learner, assessment=exam, now=NOW) == (rehearsal, False)
    later = NOW + 2 * HOUR
    again, is_new = services.start_rehearsal(learner=learner, assessment=exam, now=later)
    assert is_new
    assert again.pk != rehearsal.pk
    assert [run.is_over for run in past_runs(learner.pk, exam.pk, "rehearsal")] == [False, True]


def test_a_rehearsal_never_stops_the_exam_and_waits_while_it_runs(rehearsal, learner, exam):
    sitting, is_new = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    assert is_new
    assert has_running_exam(learner.pk, NOW)
    first, _ = asked(rehearsal)
    assert code_of(check, person=learner, sitting=rehearsal, question=first, response="1") == "rehearsal_waits"
    assert code_of(services.start_rehearsal, learner=learner, assessment=exam, now=NOW) == "rehearsal_waits"
    assert code_of(ungraded_paper, person=learner, sitting_id=rehearsal.pk, now=NOW) == "rehearsal_waits"
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    assert ungraded_paper(learner, rehearsal.pk, NOW).cards


def test_a_rehearsal_is_not_a_running_exam(rehearsal, learner):
    assert not has_running_exam(learner.pk, NOW)
    assert unsettled_sittings(learner.pk) == []
    assert Sitting.objects.all_open_at(NOW).count() == 0


def test_nobody_else_sees_or_answers_a_rehearsal(rehearsal, course, teacher):
    first, _ = asked(rehearsal)
    for other in (make.enroll(course=course), teacher):
        assert code_of(check, person=other, sitting=rehearsal, question=first, response="1") == "not_found"
        assert code_of(ungraded_paper, person=other, sitting_id=rehearsal.pk, now=NOW) == "not_found"
        assert code_of(services.hand_in_sitting, learner=other, sitting_id=rehearsal.pk, now=NOW) == "not_found"


def test_the_export_of_a_person_has_their_rehearsals_by_kind(rehearsal, learner, course):
    first, _ = asked(rehearsal)
    check(learner, rehearsal, first, make.right(first))
    parts = dict(answer_data(learner.pk, course.pk, NOW))
    assert {row["id"]: row["kind"] for row in parts["sittings"]}[rehearsal.pk] == "rehearsal"
    (attempt,) = [row for row in parts["attempts"] if row["sitting"] == rehearsal.pk]
    assert "is_correct" not in attempt
    services.hand_in_sitting(learner=learner, sitting_id=rehearsal.pk, now=NOW)
    parts = dict(answer_data(learner.pk, course.pk, NOW))
    (attempt,) = [row for row in parts["attempts"] if row["sitting"] == rehearsal.pk]
    assert attempt["is_correct"]


def test_erasing_an_account_ends_its_rehearsals(rehearsal, learner):
    with transaction.atomic():
        services.hand_in_before_erasure(learner_id=learner.pk, now=NOW)
    assert Sitting.every.get(pk=rehearsal.pk).settled_at == NOW


def test_the_database_refuses_an_ungraded_sitting_that_would_count(rehearsal):
    with pytest.raises(IntegrityError), transaction.atomic():
        Sitting.every.filter(pk=rehearsal.pk).update(is_void=False)


def test_a_test_run_asks_a_paper_of_the_pool_before_the_exam_opens(course, exam, teacher):
    exam.opens_at = NOW + HOUR
    exam.save()
    sitting, _ = services.start_test_run(person=teacher, assessment=exam, now=NOW)
    assert {question.assessment_id for question in asked(sitting)} == {exam.pk}
    for question in asked(sitting):
        check(teacher, sitting, question, make.right(question))
    services.hand_in_sitting(learner=teacher, sitting_id=sitting.pk, now=NOW)
    paper = ungraded_paper(teacher, sitting.pk, NOW)
    assert all(card.is_correct and card.feedback for card in paper.cards)
    assert (Score.objects.count(), Sitting.objects.count()) == (0, 0)


def test_an_administrator_without_an_enrollment_takes_a_test_run(exam):
    admin = make.make_user(is_superuser=True)
    sitting, _ = services.start_test_run(person=admin, assessment=exam, now=NOW)
    services.hand_in_sitting(learner=admin, sitting_id=sitting.pk, now=NOW)
    assert ungraded_paper(admin, sitting.pk, NOW).is_settled


def test_a_learner_takes_no_test_run_and_a_teacher_no_rehearsal(learner, exam, teacher):
    assert code_of(services.start_test_run, person=learner, assessment=exam, now=NOW) == "not_found"
    assert code_of(services.start_rehearsal, learner=teacher, assessment=exam, now=NOW) == "preview_only"


def test_a_teacher_who_becomes_a_learner_sees_no_test_run_any_more(course, exam, teacher):
    sitting, _ = services.start_test_run(person=teacher, assessment=exam, now=NOW)
    course.enrollments.filter(user=teacher).update(role="learner")
    assert code_of(ungraded_paper, person=teacher, sitting_id=sitting.pk, now=NOW) == "not_found"
    assert SittingQuestion.objects.filter(sitting=sitting).count() == 2


def test_one_rehearsal_of_an_exam_is_open_at_a_time_also_for_the_database(rehearsal):
    copied = Sitting(
        assessment_id=rehearsal.assessment_id,
        learner_id=rehearsal.learner_id,
        started_at=NOW,
        deadline_at=NOW + HOUR,
        accepts_until=NOW + 2 * HOUR,
        is_void=True,
        kind="rehearsal",
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        copied.save()
