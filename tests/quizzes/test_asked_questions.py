"""What may be written, and until when: edge cases of D16, D22, D23 and D28."""

from datetime import timedelta

import pytest

from foundation.refusals import Refusal
from quizzes import services
from quizzes.models import Attempt, Question, Sitting
from quizzes.selectors import paper_of
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


def refused(act, **facts):
    """Return the code of the refusal that `act` raises, "ok" without one."""
    try:
        act(now=NOW, **facts)
    except Refusal as refusal:
        return refusal.code
    return "ok"


def check(learner, question, response, number=1):
    return refused(services.check_response, learner=learner, question_id=question.pk, response=response, number=number)


def save(learner, question, response, revision=0):
    return refused(services.save_draft, learner=learner, question_id=question.pk, response=response, revision=revision)


def test_an_attempt_is_worth_what_the_version_that_it_answers_is_worth():
    course = make.make_course()
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    learner = make.enroll(course=course)
    save(learner, question, make.right(question))
    make.publish(question=question, type="numeric", points="3")
    assert check(learner, question, make.right(question)) == "ok"
    attempt = Attempt.objects.get()
    assert (attempt.version.points, attempt.points_earned) == (3, 3)


def test_a_removed_question_accepts_nothing_even_with_a_draft():
    course = make.make_course()
    review = make.make_review(course=course, kinds=["numeric", "numeric"])
    learner = make.enroll(course=course)
    drafted, tried = review.questions.all()
    save(learner, drafted, "1")
    check(learner, tried, "7")
    Question.objects.update(is_retired=True)
    assert check(learner, drafted, make.right(drafted)) == "not_found"
    assert save(learner, drafted, "2", revision=1) == "not_found"
    assert check(learner, tried, make.right(tried), number=2) == "not_found"
    assert check(learner, tried, "7") == "ok"  # the lost answer, requested again
    cards = paper_of(assessment=review, learner_id=learner.pk, now=NOW).cards
    assert [(card.question_id, card.accepts_answers, card.button) for card in cards] == [(tried.pk, False, None)]


def test_a_closed_course_takes_no_answers_and_starts_no_exam_and_a_running_one_keeps_its_time():
    course = make.make_course()
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    exam = make.make_exam(course=course)
    sits, late = make.enroll(course=course), make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=sits, assessment=exam, now=NOW)
    course.closes_at = NOW
    course.save()
    exam.refresh_from_db()
    assert check(late, question, make.right(question)) == "course_closed"
    assert save(late, question, "1") == "course_closed"
    assert refused(services.start_sitting, learner=late, assessment=exam) == "course_closed"
    drawn = sitting.questions.first().question
    assert check(sits, drawn, make.right(drawn)) == "ok"
    course.opens_at, course.closes_at = NOW + timedelta(seconds=1), None
    course.save()
    assert check(late, question, make.right(question)) == "course_not_open"


def test_an_instructor_previews_the_own_course_and_writes_nothing_in_it():
    course = make.make_course()
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    exam = make.make_exam(course=course)
    teacher = make.enroll(course=course, user=make.make_user(is_staff=True), role="instructor")
    assert check(teacher, question, make.right(question)) == "preview_only"
    assert save(teacher, question, "1") == "preview_only"
    assert refused(services.start_sitting, learner=teacher, assessment=exam) == "preview_only"
    assert Sitting.objects.count() == 0
