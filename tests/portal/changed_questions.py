"""A review whose questions were answered, left open, regraded and removed, with its score of 3 of 5 points."""

from grading.services import Cause, GradeAction
from quizzes import services
from quizzes.models import Assessment, Question
from tests import factories as make


def changed_review(course, learner, teacher) -> Assessment:
    review = make.make_review(course=course, kinds=["numeric"] * 7)
    right, wrong, _unanswered, gone, credited, removed, void = review.questions.order_by("position")
    answer(learner, right, make.right(right))
    answer(learner, wrong, make.wrong(wrong))
    answer(learner, removed, make.wrong(removed))
    answer(learner, void, make.right(void))
    regrade(teacher, gone, "void", lowers=True)
    regrade(teacher, credited, "credit")
    regrade(teacher, void, "void")
    make.retire(removed)
    services.rescore_assessments(
        course_id=course.pk, assessment_ids=[review.pk], action=GradeAction(Cause.COURSE_LOAD, make.NOW)
    )
    return review


def answer(learner, question: Question, response, number=1):
    services.check_response(learner=learner, question_id=question.pk, response=response, number=number, now=make.NOW)


def regrade(teacher, question: Question, kind: str, *, lowers=False):
    services.apply_regrade(
        course=question.assessment.course,
        question_id=question.pk,
        kind=kind,
        lowers=lowers,
        reason="the question was unclear",
        author=teacher,
        now=make.NOW,
    )
