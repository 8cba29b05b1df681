"""The effect of each kind of regrade on answered questions and on later answers (D17)."""

import pytest

from grading.models import GradeItem
from grading.selectors.grades import course_grade
from grading.services import Cause, GradeAction
from operations.services import verify_grades
from quizzes import services
from quizzes.models import Attempt, Sitting
from quizzes.selectors import activities_of, paper_of
from tests import factories as make
from tests.quizzes.correcting import (
    apply,
    check,
    code_of,
    fix,
    learner_with,
    option,
    passing_course,
    points_of,
    question_in,
    undo,
)

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def teacher():
    return make.make_user(is_staff=True)


@pytest.fixture
def exam(course):
    """Two single-choice questions, both drawn, so each is worth a quarter of the grade; "wrong" should be the key."""
    return make.make_exam(course=course, drawn=2, pool=2)


def test_later_answers_are_marked_by_the_corrected_key_and_show_it(course, teacher):
    review = make.make_review(course=course, kinds=["single_choice"])
    question = review.questions.get()
    apply(teacher, **fix(question, lowers=True))
    learner = make.enroll(course=course)
    first = check(learner, question, option(question, "right"))
    second = check(learner, question, option(question, "wrong"), 2)
    assert (first.is_right, first.is_final, second.is_right, second.is_final) == (False, False, True, True)
    card = paper_of(assessment=review, learner_id=learner.pk, now=NOW).card(question.pk)
    assert (card.is_correct, card.feedback.key_text, card.correction) == (True, "wrong", "corrected")
    assert list(verify_grades(now=NOW)) == []


def test_an_accepted_response_is_shown_beside_the_key(course, teacher):
    review = make.make_review(course=course, kinds=["text"])
    question = review.questions.get()
    learner = make.enroll(course=course)
    check(learner, question, "sigmoid")
    check(learner, question, "tanh", 2)
    apply(teacher, question_id=question.pk, kind="accept", response="TanH ", course=course)
    assert points_of(learner, review) == "0"  # an accepted response is compared as it is written
    apply(teacher, question_id=question.pk, kind="accept", response=" tanh ", course=course)
    assert points_of(learner, review) == "1"
    card = paper_of(assessment=review, learner_id=learner.pk, now=NOW).card(question.pk)
    assert card.feedback.key_text == "relu · TanH · tanh"


def test_a_lowered_answer_leaves_its_learner_the_attempts_that_were_not_spent(course, teacher):
    review = make.make_review(course=course, kinds=["text"])
    question = review.questions.get()
    learner = make.enroll(course=course)
    assert check(learner, question, "relu").is_final is True
    apply(teacher, question_id=question.pk, kind="key", response="gelu", lowers=True, course=course)
    card = paper_of(assessment=review, learner_id=learner.pk, now=NOW).card(question.pk)
    assert (card.attempts_left, card.feedback) == (1, None)
    assert check(learner, question, "ReLU", 2).is_right is False  # right by the old key, like the first
    assert Attempt.objects.filter(is_correct=True).count() == 2
    assert list(verify_grades(now=NOW)) == []


def test_a_key_is_corrected_in_the_version_that_it_was_asked_in(course, teacher):
    review = make.make_review(course=course, kinds=["single_choice"])
    question = review.questions.get()
    old, new = make.enroll(course=course), make.enroll(course=course)
    check(old, question, option(question, "wrong"))
    make.publish(question=question)
    question.refresh_from_db()
    check(new, question, option(question, "wrong"))
    apply(teacher, **fix(question, version=1))
    assert [points_of(each, review) for each in (old, new)] == ["1", "0"]


def test_credit_gives_everyone_the_points_and_void_costs_nobody(course, teacher, exam):
    silent, wrong, right = (learner_with(course, exam, *texts) for texts in ([], ["wrong"], ["right"]))
    credit = apply(teacher, question_id=question_in(exam).pk, kind="credit", course=course)
    assert [points_of(each, exam) for each in (silent, wrong, right)] == ["1", "1", "1"]
    undo(teacher, credit)
    apply(teacher, question_id=question_in(exam).pk, kind="void", course=course)
    items = [course_grade(each.pk, course.pk).item(exam.pk) for each in (silent, wrong, right)]
    assert [(item.points_earned, item.points_possible) for item in items] == [("0", "1"), ("0", "1"), ("1", "2")]


def test_a_void_review_question_is_worth_nothing_to_later_learners_until_undone(course, teacher):
    review = make.make_review(course=course, questions=2)
    question = review.questions.first()
    regrade = apply(teacher, question_id=question.pk, kind="void", course=course)
    assert GradeItem.objects.get(activity=review.pk).points_possible == 1
    assert [len(found.worth.winnable) for found in activities_of(course.pk)] == [1]
    last = review.questions.last()
    assert code_of(apply, teacher, question_id=last.pk, kind="void", course=course) == "regrade_invalid"
    undo(teacher, regrade)
    assert GradeItem.objects.get(activity=review.pk).points_possible == 2


def test_a_void_question_is_drawn_only_where_the_others_are_not_enough(course, teacher):
    exam = make.make_exam(course=course, drawn=2, pool=3)
    question = question_in(exam)
    apply(teacher, question_id=question.pk, kind="void", course=course)
    sitting, _ = services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)
    assert question.pk not in sitting.questions.values_list("question", flat=True)
    for other in exam.questions.exclude(pk=question.pk):
        apply(teacher, question_id=other.pk, kind="void", course=course)
    assert services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)[1] is True


def test_a_certified_learner_is_regraded_over_what_the_certificate_counted(course, teacher, exam):
    _, certified = passing_course(course, exam)
    added = make.add_question(assessment=Sitting.objects.filter(assessment__kind="review").first().assessment)
    before = course_grade(certified.pk, course.pk).percent
    apply(teacher, question_id=added.pk, kind="credit", course=course)
    assert course_grade(certified.pk, course.pk).percent == before
    assert list(verify_grades(now=NOW)) == []


def test_regrades_of_one_question_stack_and_are_undone_in_any_order(course, teacher, exam):
    third = learner_with(course, exam, "also wrong")
    fooled = learner_with(course, exam, "wrong")
    first = apply(teacher, **fix(question_in(exam)))
    second = apply(teacher, **{**fix(question_in(exam), "also wrong"), "kind": "accept"})
    assert [points_of(each, exam) for each in (fooled, third)] == ["1", "1"]
    undo(teacher, first)
    assert [points_of(each, exam) for each in (fooled, third)] == ["0", "1"]
    undo(teacher, second)
    assert [points_of(each, exam) for each in (fooled, third)] == ["0", "0"]
    assert code_of(undo, teacher, first) == "nothing_to_undo"


def test_a_removed_question_that_a_regrade_made_right_is_part_of_the_certificate_it_earned(course, teacher):
    """Two of three right, one of them removed and right only since the regrade: the basis must hold all that passed."""
    review = make.make_review(course=course, kinds=["single_choice"] * 2)
    exam = make.make_exam(course=course, drawn=2, pool=2)
    first, second = review.questions.order_by("position")
    learner = make.enroll(course=course)
    check(learner, first, option(first, "wrong"))
    check(learner, second, option(second, "wrong"))
    make.retire(first)
    services.rescore_sitting(sitting=Sitting.objects.get(), action=GradeAction(Cause.COURSE_LOAD, NOW))
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    for row in sitting.questions.all():
        check(learner, row.question, option(row.question, "right"))
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    assert course_grade(learner.pk, course.pk).percent == "50.0"
    apply(teacher, **fix(first))
    grade = course_grade(learner.pk, course.pk)
    assert (grade.percent, grade.is_certified) == ("75.0", True)
    assert list(verify_grades(now=NOW)) == []


def test_a_removed_question_whose_points_everyone_got_is_part_of_the_certificate(course, teacher):
    review = make.make_review(course=course, kinds=["single_choice"] * 2)
    exam = make.make_exam(course=course)
    credited, open_one = review.questions.order_by("position")
    apply(teacher, question_id=credited.pk, kind="credit", course=course)
    make.retire(credited)
    begun, idle = make.enroll(course=course), make.enroll(course=course)
    check(begun, open_one, make.wrong(open_one))
    for learner in (begun, idle):
        sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
        for row in sitting.questions.all():
            check(learner, row.question, make.right(row.question))
        services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    for learner in (begun, idle):
        grade = course_grade(learner.pk, course.pk)
        assert (grade.percent, grade.is_certified) == ("75.0", True)
    assert list(verify_grades(now=NOW)) == []
