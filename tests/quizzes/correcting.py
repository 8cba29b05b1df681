"""A question with a wrong key, its learners, and its regrade."""

import pytest

from foundation.refusals import Refusal
from grading.models import Score
from grading.selectors.grades import course_grade
from quizzes import services
from tests import factories as make

NOW = make.NOW
CELL = ("item", "learner", "points_earned", "points_possible", "points_answered", "winnable", "state")


def question_in(exam):
    return exam.questions.order_by("position").first()


def option(question, text):
    return next(found["id"] for found in question.current.body["options"] if found["source"] == text)


def learner_with(course, exam, *texts, other="wrong"):
    """Make a learner who gave these answers to the question in turn and `other` to the other one, and handed in."""
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    question, another = exam.questions.order_by("position")
    for number, text in enumerate(texts, start=1):
        check(learner, question, option(question, text), number)
    check(learner, another, option(another, other), 1)
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    return learner


def check(learner, question, response, number=1, now=NOW):
    return services.check_response(learner=learner, question_id=question.pk, response=response, number=number, now=now)


def fix(question, text="wrong", **changes):
    """Return the arguments of a regrade that makes an option the right one."""
    said = {"question_id": question.pk, "kind": "key", "response": option(question, text)}
    return {**said, "course": question.assessment.course, **changes}


def apply(teacher, now=NOW, **said):
    return services.apply_regrade(**said, reason="the key was wrong", author=teacher, now=now)


def undo(teacher, regrade, **changes):
    course = regrade.question.assessment.course
    said = {"reason": "it was right", "author": teacher, "now": NOW, **changes}
    return services.undo_regrade(course=course, regrade_id=regrade.pk, **said)


def cells():
    return list(Score.objects.order_by("item_id", "learner_id").values_list(*CELL))


def points_of(learner, exam):
    return course_grade(learner.pk, exam.course_id).item(exam.pk).points_earned


def code_of(act, *args, **facts):
    with pytest.raises(Refusal) as refused:
        act(*args, **facts)
    return refused.value.code


def passing_course(course, exam):
    """Answer all review questions right, so that one of two exam questions makes 75 % and none makes 50 %."""
    review = make.make_review(course=course, questions=2)

    def learner(text):
        found = make.enroll(course=course)
        for question in review.questions.all():
            check(found, question, make.right(question))
        sitting, _ = services.start_sitting(learner=found, assessment=exam, now=NOW)
        check(found, question_in(exam), option(question_in(exam), text))
        services.hand_in_sitting(learner=found, sitting_id=sitting.pk, now=NOW)
        return found

    return learner("wrong"), learner("right")
