"""The questions and items that make up a certified learner's grade (D23)."""

import pytest

from grading.selectors.grades import course_grade
from quizzes import services
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


def test_a_question_added_to_a_review_that_a_certified_learner_never_opened_is_neither_open_nor_lost():
    course = make.make_course()
    done, untouched = (make.make_review(course=course, kinds=["numeric"]) for _ in range(2))
    exam = make.make_exam(course=course)
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    for question in [done.questions.get(), *(row.question for row in sitting.questions.all())]:
        right = make.right(question)
        services.check_response(learner=learner, question_id=question.pk, response=right, number=1, now=NOW)
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    before = course_grade(learner.pk, course.pk)
    assert before.is_certified is True
    make.add_question(assessment=untouched, type="numeric", points="5")
    after = course_grade(learner.pk, course.pk)
    assert after == before
    item = after.item(untouched.pk)
    assert (item.points_possible, item.points_open, item.points_lost) == ("1", "1", "0")
