"""What learners read about a wrong value that the author named, and when (D10, D11, D33, decision 40)."""

import pytest

from quizzes import services
from quizzes.selectors import paper_of, published_assessment
from tests import factories as make
from tests.quizzes.correcting import apply, check

pytestmark = pytest.mark.django_db
NOW = make.NOW
SUM, HALF = "You added them up.", "You left the factor out."
NUMBER = {
    "answer": "12",
    "near_misses": [{"answer": "5", "why": SUM}, {"answer": "6", "why": HALF}, {"answer": "7", "why": "Other."}],
}
SHAPE = {"answer": [None, 26], "near_misses": [{"answer": [None, 28], "why": "The border is lost."}]}


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


def asked(course, source=NUMBER, kind="numeric", **fields):
    """Return a review with one question that has near misses."""
    review = make.make_assessment(course=course, **fields)
    return make.add_question(assessment=review, type=kind, source=source)


def told(learner, question):
    """Return the attempts with what the card says of each, and whether the card shows the explanation."""
    assessment = published_assessment(question.assessment_id)
    card = paper_of(assessment=assessment, learner_id=learner.pk, now=NOW).card(question.pk)
    is_explained = bool(card.feedback and card.feedback.explanation_html)
    return [(each.number, each.response, each.html) for each in card.near_misses], is_explained


def whys_in_result(learner, question):
    assessment = published_assessment(question.assessment_id)
    card = paper_of(assessment=assessment, learner_id=learner.pk, now=NOW).card(question.pk)
    return [row.why for row in card.context()["rows"]]


def test_a_named_wrong_number_is_explained_after_the_attempt_that_gave_it(course, learner):
    question = asked(course)
    assert told(learner, question) == ([], False)
    check(learner, question, "5")
    assert told(learner, question) == ([(1, "5", f"<p>{SUM}</p>")], False)


def test_a_named_wrong_shape_is_explained_after_the_attempt_that_gave_it(course, learner):
    question = asked(course, SHAPE, "tensor_shape")
    check(learner, question, [None, 28])
    assert told(learner, question) == ([(1, "(None, 28)", "<p>The border is lost.</p>")], False)


def test_another_wrong_number_is_told_nothing(course, learner):
    question = asked(course)
    check(learner, question, "8")
    assert told(learner, question) == ([], False)


def test_in_another_language_than_english_a_reason_waits_for_the_explanation(learner, course):
    course.language = "de"
    course.save()
    why = "Das ist ein Drittel davon."
    question = asked(course, {"answer": "12", "near_misses": [{"answer": "5", "why": why}]})
    check(learner, question, "5")
    assert told(learner, question) == ([], False)
    check(learner, question, "8", 2)
    assert told(learner, question) == ([(1, "5", f"<p>{why}</p>")], True)


def test_a_draft_is_told_nothing(course, learner):
    question = asked(course)
    services.save_draft(learner=learner, question_id=question.pk, response="5", revision=0, now=NOW)
    assert told(learner, question) == ([], False)


def test_a_number_that_leads_to_the_key_is_explained_with_the_explanation_only(course, learner):
    question = asked(course)
    check(learner, question, "6")
    assert told(learner, question) == ([], False)
    check(learner, question, "8", 2)
    assert told(learner, question) == ([(1, "6", f"<p>{HALF}</p>")], True)


def test_the_result_of_a_final_question_names_the_mistake_beside_the_response(course, learner):
    question = asked(course)
    check(learner, question, "8")
    check(learner, question, "6", 2)
    assert whys_in_result(learner, question) == [f"<p>{HALF}</p>", ""]


def test_a_question_answered_right_in_the_end_still_names_the_first_mistake(course, learner):
    question = asked(course)
    check(learner, question, "6")
    check(learner, question, "12", 2)
    assert told(learner, question) == ([(1, "6", f"<p>{HALF}</p>")], True)


def test_while_the_explanation_is_held_back_only_harmless_reasons_are_told(course, learner):
    question = asked(course, show={"key": "final", "explanation": "release"})
    check(learner, question, "6")
    check(learner, question, "5", 2)
    assert told(learner, question) == ([(2, "5", f"<p>{SUM}</p>")], False)
    assert whys_in_result(learner, question) == ["", ""]


def exam_of(course, **fields):
    exam = make.make_exam(course=course, drawn=1, pool=0, **fields)
    return make.add_question(assessment=exam, type="numeric", source=NUMBER)


def test_an_exam_names_a_mistake_only_once_it_is_over(course, learner):
    question = exam_of(course)
    sitting, _ = services.start_sitting(learner=learner, assessment=question.assessment, now=NOW)
    check(learner, question, "5")
    assert told(learner, question) == ([], False)
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    assert told(learner, question) == ([(1, "5", f"<p>{SUM}</p>")], True)


@pytest.mark.parametrize("held", [("verdict", "score", "key", "explanation"), ("key", "explanation"), ("explanation",)])
def test_an_exam_that_holds_back_verdict_or_explanation_names_no_mistake(course, learner, held):
    question = exam_of(course, show=dict.fromkeys(held, "release"))
    sitting, _ = services.start_sitting(learner=learner, assessment=question.assessment, now=NOW)
    services.save_draft(learner=learner, question_id=question.pk, response="5", revision=0, now=NOW)
    services.hand_in_sitting(learner=learner, sitting_id=sitting.pk, now=NOW)
    assert told(learner, question) == ([], False)


def test_a_value_that_a_regrade_made_right_is_no_mistake_any_more(course, learner):
    question, teacher = asked(course), make.make_user(is_staff=True)
    check(learner, question, "5")
    apply(teacher, question_id=question.pk, kind="accept", response="5", course=course)
    assert told(learner, question) == ([], True)


def test_after_a_new_key_a_reason_is_told_only_if_it_cannot_lead_to_that_key(course, learner):
    question, teacher = asked(course), make.make_user(is_staff=True)
    check(learner, question, "5")
    apply(teacher, question_id=question.pk, kind="key", response="10", course=course)
    assert told(learner, question) == ([], False)


def test_grades_do_not_depend_on_near_misses(course, learner):
    question = asked(course)
    plain = make.add_question(assessment=question.assessment, type="numeric", source={"answer": "12"})
    results = [[check(learner, each, value, n) for n, value in ((1, "5"), (2, "12"))] for each in (question, plain)]
    facts = [[(each.is_right, each.is_final, each.points_earned) for each in checks] for checks in results]
    assert facts[0] == facts[1]
