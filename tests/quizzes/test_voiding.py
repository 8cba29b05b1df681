"""A void sitting does not count, allows a new one, and can count again (D24, D19)."""

from datetime import timedelta

import pytest

from foundation.refusals import Refusal
from grading.models import Certificate, GradeChange, Score
from grading.selectors import certificate_of
from grading.selectors.grades import course_grade
from operations.services import verify_grades
from quizzes import services
from quizzes.models import Sitting, Void
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def world():
    """A learner who passed with everything right and holds a certificate."""
    course = make.make_course()
    review, exam = make.make_review(course=course, questions=2), make.make_exam(course=course, drawn=2, pool=4)
    learner, teacher = make.enroll(course=course), make.make_user(is_staff=True)
    for question in review.questions.all():
        answer(learner, question)
    sitting = sit(learner, exam)
    return course, exam, learner, teacher, sitting


def answer(learner, question, is_right=True):
    response = make.right(question) if is_right else make.wrong(question)
    services.check_response(learner=learner, question_id=question.pk, response=response, number=1, now=NOW)


def sit(learner, exam, is_right=True):
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    for row in sitting.questions.all():
        answer(learner, row.question, is_right)
    return services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)


def do(act, world, **changes):
    course, _, _, teacher, sitting = world
    said = {"sitting_id": sitting.pk, "reason": "the wrong room", "author": teacher, "now": NOW}
    return act(course=course, **{**said, **changes})


def code_of(act, *args, **facts):
    with pytest.raises(Refusal) as refused:
        act(*args, **facts)
    return refused.value.code


def state(world):
    course, _, learner, _, _ = world
    grade = course_grade(learner.pk, course.pk)
    certificate = certificate_of(learner.pk, course.pk)
    return grade.percent, certificate.is_valid, list(Score.objects.order_by("pk").values_list("points_earned", "state"))


def test_a_void_sitting_counts_no_more_and_takes_the_certificate_with_it(world):
    course, exam, learner, _, sitting = world
    assert state(world)[:2] == ("100.0", True)
    do(services.void_sitting, world)
    assert state(world)[:2] == ("50.0", False)
    assert course_grade(learner.pk, course.pk).item(exam.pk).state == "not_started"
    change = GradeChange.objects.order_by("pk").last()
    assert (change.cause, change.reason, change.points_earned) == ("void", "the wrong room", 0)
    assert AuditEntry.objects.get().action == "void"
    assert list(verify_grades(now=NOW)) == []
    assert Sitting.objects.get(pk=sitting.pk).attempts.count() == 2


def test_a_new_sitting_draws_again_counts_and_restores_the_certificate(world):
    _course, exam, learner, _, sitting = world
    do(services.void_sitting, world)
    fresh = sit(learner, exam)
    assert fresh.pk != sitting.pk
    assert state(world)[:2] == ("100.0", True)
    assert Certificate.objects.count() == 1
    assert list(verify_grades(now=NOW)) == []
    assert code_of(do, services.undo_void, world) == "sitting_replaced"


def test_an_undo_restores_grade_and_certificate(world):
    before = state(world)
    do(services.void_sitting, world)
    do(services.undo_void, world, reason="it was the right room")
    assert state(world) == before
    assert [row.undoes_id is None for row in Void.objects.order_by("pk")] == [True, False]
    assert list(verify_grades(now=NOW)) == []
    assert code_of(do, services.undo_void, world) == "nothing_to_undo"
    do(services.void_sitting, world)
    assert state(world)[0] == "50.0"


def test_a_running_sitting_can_be_void_and_its_learner_is_asked_to_start_again(world):
    course, exam, _, _teacher, _ = world
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    question = sitting.questions.first().question
    do(services.void_sitting, world, sitting_id=sitting.pk)
    assert code_of(answer, learner, question) == "sitting_not_started"
    later = NOW + timedelta(hours=2)
    do(services.undo_void, world, sitting_id=sitting.pk, now=later)
    services.settle_due(now=later)
    assert Sitting.objects.get(pk=sitting.pk).ended_by == "deadline"
    assert list(verify_grades(now=later)) == []


@pytest.mark.parametrize(
    ("changes", "code"), [({"reason": ""}, "reason_missing"), ({"sitting_id": "nothing"}, "not_found")]
)
def test_what_is_refused_changes_nothing(world, changes, code):
    before = state(world)
    assert code_of(do, services.void_sitting, world, **changes) == code
    assert (state(world), Void.objects.count()) == (before, 0)


def test_a_void_is_not_made_twice_and_not_of_review_questions(world):
    review = Sitting.objects.get(assessment__kind="review")
    assert code_of(do, services.void_sitting, world, sitting_id=review.pk) == "not_an_exam"
    do(services.void_sitting, world)
    assert code_of(do, services.void_sitting, world) == "already_void"


def test_a_sitting_of_another_course_is_not_found(world):
    stranger = (make.make_course(), *world[1:])
    assert code_of(do, services.void_sitting, stranger) == "not_found"
