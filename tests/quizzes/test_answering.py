"""A learner's answers, through the services."""

from datetime import timedelta

import pytest

from foundation.refusals import Refusal
from grading.models import GradeChange, Score
from grading.selectors import certificate_of
from grading.selectors.grades import course_grade
from quizzes import services
from quizzes.models import Attempt, Sitting
from quizzes.selectors import paper_of
from tests import factories as make
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
NOW = make.NOW


def test_a_right_answer_is_final_at_once_and_counts_in_the_grade():
    course = make.make_course()
    review = make.make_review(course=course, kinds=["single_choice", "single_choice"])
    learner = make.enroll(course=course)
    question = review.questions.first()

    outcome = services.check_response(
        learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW
    )

    assert (outcome.is_final, outcome.attempts_left, outcome.points_earned) == (True, 0, 1)
    assert outcome.grade.percent == "25.0"
    assert course_grade(learner.pk, course.pk).percent == "25.0"
    assert Score.objects.get().state == "in_progress"
    assert [change.points_earned for change in GradeChange.objects.all()] == [1]


@pytest.mark.parametrize("kind", sorted(make.SOURCES))
def test_every_type_can_be_answered_right_and_wrong(kind):
    course = make.make_course()
    question = make.make_review(course=course, kinds=[kind]).questions.get()
    for is_right in (True, False):
        outcome = services.check_response(
            learner=make.enroll(course=course),
            question_id=question.pk,
            response=make.response_to(question, is_right=is_right),
            number=1,
            now=NOW,
        )
        assert outcome.attempt.is_correct is is_right


def test_a_true_false_question_has_one_attempt_and_others_two():
    course = make.make_course()
    learner = make.enroll(course=course)
    for question in make.make_review(course=course, kinds=["true_false", "numeric"]).questions.all():
        left = []
        for number in range(1, question.current.attempts_limit + 1):
            response = make.wrong(question, variant=number)
            outcome = services.check_response(
                learner=learner, question_id=question.pk, response=response, number=number, now=NOW
            )
            left.append(outcome.attempts_left)
        assert left == ([0] if question.current.type == "true_false" else [1, 0])
        with pytest.raises(Refusal) as refused:
            services.check_response(
                learner=learner, question_id=question.pk, response=make.right(question), number=3, now=NOW
            )
        assert refused.value.code == "attempts_exhausted"


def test_the_same_submission_again_gets_the_stored_answer_even_after_the_deadline():
    course = make.make_course()
    exam = make.make_exam(course=course)
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    question = sitting.questions.first().question
    response = make.wrong(question)
    first = services.check_response(learner=learner, question_id=question.pk, response=response, number=1, now=NOW)

    again = services.check_response(
        learner=learner, question_id=question.pk, response=response, number=1, now=NOW + timedelta(hours=2)
    )

    assert (again.is_replay, again.attempt.pk, again.attempts_left) == (True, first.attempt.pk, 1)
    with pytest.raises(Refusal) as refused:
        services.check_response(
            learner=learner, question_id=question.pk, response=response, number=2, now=NOW + timedelta(hours=2)
        )
    assert refused.value.code == "sitting_over"


def test_an_expired_sitting_is_settled_with_its_drafts_graded():
    course = make.make_course()
    exam = make.make_exam(course=course)
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    first, second = (row.question for row in sitting.questions.all())
    services.save_draft(learner=learner, question_id=first.pk, response=make.right(first), revision=0, now=NOW)
    services.save_draft(learner=learner, question_id=second.pk, response=None, revision=0, now=NOW)

    assert services.settle_due(now=sitting.deadline_at + timedelta(seconds=29)) == 0
    assert services.settle_due(now=sitting.deadline_at + timedelta(seconds=30)) == 1
    assert services.settle_due(now=sitting.deadline_at + timedelta(seconds=31)) == 0

    sitting.refresh_from_db()
    assert (sitting.submitted_at, sitting.ended_by) == (sitting.deadline_at, "deadline")
    assert [(attempt.question_id, attempt.by) for attempt in Attempt.objects.all()] == [(first.pk, "deadline")]
    assert course_grade(learner.pk, course.pk).percent == "25.0"


def test_a_certificate_waits_for_the_open_exam_and_comes_with_its_end():
    course = make.make_course()
    review, exam = make.make_review(course=course, kinds=["numeric"]), make.make_exam(course=course)
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    for question in [review.questions.get(), *(row.question for row in sitting.questions.all())]:
        services.check_response(
            learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW
        )
    assert course_grade(learner.pk, course.pk).has_passed is True
    assert certificate_of(learner.pk, course.pk) is None

    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW + timedelta(minutes=5))

    certified = certificate_of(learner.pk, course.pk)
    assert certified is not None
    assert certified.is_valid is True
    assert course_grade(learner.pk, course.pk).percent == "100.0"


def test_no_key_is_on_an_exam_paper_before_it_is_settled():
    course = make.make_course()
    exam = make.make_exam(course=course)
    learner = make.enroll(course=course)
    sitting, _ = services.start_sitting(learner=learner, assessment=exam, now=NOW)
    question = sitting.questions.first().question
    services.check_response(learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW)
    running = paper_of(assessment=exam, learner_id=learner.pk, now=NOW)
    later = sitting.deadline_at + timedelta(seconds=30)
    expired = paper_of(assessment=exam, learner_id=learner.pk, now=later)
    services.settle_due(now=later)
    settled = paper_of(assessment=exam, learner_id=learner.pk, now=later)
    assert [card.feedback for card in (*running.cards, *expired.cards)] == [None] * 4
    assert [card.feedback.explanation_html for card in settled.cards] == ["<p>Because of the secret reason.</p>"] * 2


@pytest.mark.parametrize("size", [2, 12])
def test_an_answer_costs_the_same_statements_whatever_the_course_holds(size):
    course = make.make_course()
    make.make_exam(course=course, pool=size)
    reviews = [make.make_review(course=course, kinds=["numeric"] * size) for _ in range(size)]
    learner = make.enroll(course=course)
    first, second, *_ = reviews[0].questions.all()
    answers = [(first, 1, make.wrong(first)), (first, 2, make.right(first)), (second, 1, make.right(second))]
    costs = []
    for question, number, response in answers:
        with counted_statements() as statements:
            services.check_response(learner=learner, question_id=question.pk, response=response, number=number, now=NOW)
        costs.append(len(statements))
    # A sitting's first attempt creates it, and a question's first attempt creates its row; session and user are extra
    # queries
    assert costs == [8, 7, 7]


def answer(learner, question, response, **said):
    facts = {"number": 1, "now": NOW, **said}
    return services.check_response(learner=learner, question_id=question.pk, response=response, **facts)


def refusal_of(*asked, **said):
    with pytest.raises(Refusal) as refused:
        answer(*asked, **said)
    return refused.value.code


def asked_in_review(kind):
    """Return a review question of this type, and a learner of its course."""
    course = make.make_course()
    return make.make_review(course=course, kinds=[kind]).questions.get(), make.enroll(course=course)


def test_a_response_to_an_earlier_version_is_refused_and_uses_no_attempt():
    question, learner = asked_in_review("true_false")
    make.publish(question=question, type="true_false", source={"answer": False})
    assert refusal_of(learner, question, True, version=1) == "question_changed"
    assert (Attempt.objects.count(), Sitting.objects.count()) == (0, 0)
    done = answer(learner, question, False, version=2)
    assert (done.attempt.is_correct, done.attempt.version.number) == (True, 2)


def test_a_response_that_names_no_version_is_to_the_one_that_is_asked():
    question, learner = asked_in_review("true_false")
    make.publish(question=question, type="true_false", source={"answer": False})
    assert answer(learner, question, True).attempt.version.number == 2


def test_a_response_that_only_an_earlier_version_could_read_is_refused_because_the_question_changed():
    question, learner = asked_in_review("true_false")
    make.publish(question=question, type="numeric")
    codes = [refusal_of(learner, question, True, version=version) for version in (0, 1, 2)]
    assert codes == ["invalid_response", "question_changed", "invalid_response"]


def test_the_same_submission_again_gets_the_stored_answer_whatever_was_published_since():
    question, learner = asked_in_review("numeric")
    first = answer(learner, question, "7", version=1)
    make.publish(question=question, type="numeric", source={"answer": "7", "tolerance": "0"})
    for version in (0, 1, 2):
        again = answer(learner, question, "7", version=version)
        assert (again.is_replay, again.is_right, again.attempt.pk) == (True, False, first.attempt.pk)


def test_a_version_that_an_attempt_or_an_exam_has_pinned_is_still_asked_after_another_was_published():
    course = make.make_course()
    question, learner = make.make_review(course=course, kinds=["numeric"]).questions.get(), make.enroll(course=course)
    answer(learner, question, "7", version=1)
    sitting, _ = services.start_sitting(
        learner=learner, assessment=make.make_exam(course=course, kinds=["numeric"]), now=NOW
    )
    drawn = sitting.questions.first().question
    for each in (question, drawn):
        make.publish(question=each, type="numeric", source={"answer": "7", "tolerance": "0"})
    assert refusal_of(learner, question, "0.25", number=2, version=2) == "question_changed"
    assert refusal_of(learner, drawn, "0.25", version=2) == "question_changed"
    assert answer(learner, question, "0.25", number=2, version=1).attempt.is_correct
    assert answer(learner, drawn, "0.25", version=1).attempt.is_correct
