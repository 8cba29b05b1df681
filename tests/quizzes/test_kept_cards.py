"""Cards of reviews are kept in memory, and look as if they were made for each request."""

import pytest

from questions.rules.shuffling import REVIEW_ORDERS, review_number
from quizzes import services
from quizzes.models import Question
from quizzes.selectors import paper_of, papers
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def review():
    return make.make_review(course=make.make_course(), kinds=["single_choice", "text"])


def cards(review, learner):
    return paper_of(assessment=review, learner_id=learner and learner.pk, now=NOW).cards


def test_learners_who_did_nothing_share_the_cards_of_their_order(review):
    learners = [make.enroll(course=review.course) for _ in range(REVIEW_ORDERS + 1)]
    by_number = {
        review_number(learner.pk, review.pk): [id(card) for card in cards(review, learner)] for learner in learners
    }
    for learner in learners:
        assert [id(card) for card in cards(review, learner)] == by_number[review_number(learner.pk, review.pk)]
    assert len(by_number) < len(learners)


def test_a_card_follows_its_learner_alone(review):
    one, other = make.enroll(course=review.course), make.enroll(course=review.course)
    question = review.questions.first()
    before = cards(review, other)
    services.check_response(learner=one, question_id=question.pk, response=make.wrong(question), number=1, now=NOW)
    assert [len(card.attempts) for card in cards(review, one)] == [1, 0]
    assert cards(review, other) == before


def test_a_card_follows_what_is_published(review):
    learner, question = make.enroll(course=review.course), review.questions.first()
    first = cards(review, learner)[0]
    Question.objects.filter(pk=question.pk).update(is_retired=True)
    assert [card.question_id for card in cards(review, learner)] == [review.questions.last().pk]
    Question.objects.filter(pk=question.pk).update(is_retired=False)
    assert cards(review, learner)[0] == first


def test_memory_holds_a_bounded_number_of_cards(review, monkeypatch):
    monkeypatch.setattr(papers, "MOST_CARDS", 2)
    for _ in range(3):
        learner = make.enroll(course=review.course)
        for question in review.questions.all():
            services.set_flag(learner=learner, question_id=question.pk, is_flagged=True, now=NOW)
        assert len(cards(review, learner)) == 2
    (kept,) = [found for content, found in papers._cards.items() if content.assessments.get(review.pk)]
    assert len(kept) <= 2
