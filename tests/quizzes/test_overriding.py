"""Points that an instructor gives stay, whatever is answered later, until they are withdrawn (D18)."""

from decimal import Decimal

import pytest

from foundation.refusals import Refusal
from grading.models import GradeChange, Override, Score
from grading.selectors import certificate_of
from grading.selectors.grades import course_grade
from operations.services import verify_grades
from quizzes import services
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW
CELL = ("points_earned", "points_possible", "points_answered", "winnable", "state")


@pytest.fixture
def world():
    course = make.make_course()
    review, exam = make.make_review(course=course, questions=4), make.make_exam(course=course, drawn=2)
    return course, review, exam, make.enroll(course=course), make.make_user(is_staff=True)


def give(world, assessment, points, **changes):
    course, _, _, learner, teacher = world
    said = {"learner_id": learner.pk, "reason": "an oral exam", "author": teacher, "now": NOW}
    return services.override_score(
        course=course, assessment_id=assessment.pk, points=Decimal(points), **{**said, **changes}
    )


def take_back(world, assessment, **changes):
    course, _, _, learner, teacher = world
    said = {"learner_id": learner.pk, "reason": "a mistake", "author": teacher, "now": NOW}
    return services.undo_override(course=course, assessment_id=assessment.pk, **{**said, **changes})


def answer(learner, question, number=1):
    return services.check_response(
        learner=learner, question_id=question.pk, response=make.right(question), number=number, now=NOW
    )


def cells():
    return list(Score.objects.order_by("item_id", "learner_id").values_list("item", "learner", *CELL))


def code_of(act, *args, **facts):
    with pytest.raises(Refusal) as refused:
        act(*args, **facts)
    return refused.value.code


def test_given_points_count_instead_of_the_earned_ones_whatever_is_answered_later(world):
    _course, review, _, learner, _ = world
    first, second, *_ = review.questions.all()
    answer(learner, first)
    give(world, review, "3.5")
    item = answer(learner, second).grade.item(review.pk)
    assert (item.points_earned, item.percent, item.state) == ("3.5", "87.5", "done")
    assert list(verify_grades(now=NOW)) == []
    change = GradeChange.objects.order_by("pk").last()
    assert (change.cause, change.reason, change.points_earned) == ("override", "an oral exam", Decimal("3.5"))


def test_taken_back_the_earned_points_count_again_to_the_byte(world):
    _course, review, _, learner, _ = world
    answer(learner, review.questions.first())
    before = cells()
    give(world, review, "4")
    take_back(world, review)
    assert cells() == before
    assert list(verify_grades(now=NOW)) == []
    assert code_of(take_back, world, review) == "nothing_to_undo"
    assert [row.points_earned for row in Override.objects.order_by("pk")] == [4, None]
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == ["override", "override_undone"]


def test_points_can_be_given_to_someone_who_never_began_and_taken_back(world):
    course, review, exam, learner, _ = world
    give(world, exam, "2")
    give(world, review, "4")
    grade = course_grade(learner.pk, course.pk)
    assert (grade.percent, grade.has_passed, grade.is_certified) == ("100.0", True, True)
    assert list(verify_grades(now=NOW)) == []
    take_back(world, exam)
    grade = course_grade(learner.pk, course.pk)
    assert (grade.percent, grade.is_certified, grade.is_revoked) == ("50.0", False, True)
    assert grade.item(exam.pk).state == "not_started"
    assert certificate_of(learner.pk, course.pk).reason == "a mistake"
    assert list(verify_grades(now=NOW)) == []
    give(world, exam, "2")
    assert course_grade(learner.pk, course.pk).is_certified is True


def test_the_need_treats_override_points_as_final(world):
    course, _review, exam, learner, _ = world
    give(world, exam, "1")
    need = course_grade(learner.pk, course.pk).need
    assert (need.state, need.percent) == ("review", "90.0")


def test_the_same_points_again_are_the_same_record(world):
    review = world[1]
    assert give(world, review, "2") == give(world, review, "2.00")
    assert Override.objects.count() == 1


@pytest.mark.parametrize("points", ["-0.01", "4.01", "1.001", "NaN", "Infinity"])
def test_points_that_cannot_be_are_refused(world, points):
    assert code_of(give, world, world[1], points) == "points_invalid"
    assert (Override.objects.count(), Score.objects.count()) == (0, 0)


def test_a_reason_a_learner_and_an_assessment_of_the_course_are_needed(world):
    course, review, _, _, _teacher = world
    foreign = make.make_review(course=make.make_course())
    codes = [
        code_of(give, world, review, "1", reason=" "),
        code_of(give, world, review, "1", learner_id=make.make_user().pk),
        code_of(give, world, review, "1", learner_id=make.enroll(course=course, role="instructor").pk),
        code_of(give, world, foreign, "1"),
    ]
    assert codes == ["reason_missing", "not_found", "not_found", "not_found"]
    assert Override.objects.count() == 0
