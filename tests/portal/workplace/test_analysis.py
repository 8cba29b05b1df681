"""The pages of the question analysis: what they show, their age, and asking for new figures."""

import pytest
from django.urls import reverse

from quizzes import services
from quizzes.models import Analysis
from tests import factories as make
from tests.portal.workplace.people import instructor_of
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture(autouse=True)
def teacher(client, course):
    person = instructor_of(course)
    client.force_login(person)
    return person


def answered_review(course, learners=12):
    """A review whose first question has a wrong key: the eight strongest of twelve take "wrong"."""
    review = make.make_review(course=course, kinds=["single_choice", "numeric", "numeric"])
    keyed, *others = review.questions.order_by("position")
    ids = {row["source"]: row["id"] for row in keyed.current.body["options"]}
    for place in range(learners):
        learner, knows = make.enroll(course=course), place * 3 < learners * 2
        given = [(keyed, ids["wrong" if knows else "right"])]
        given += [(each, make.right(each) if knows else make.wrong(each)) for each in others]
        for question, response in given:
            services.submit_attempt(learner=learner, question_id=question.pk, response=response, number=1, now=make.NOW)
    return review


def test_before_the_first_time_it_says_so_and_asks_a_worker_on_request(client, course):
    review = make.make_review(course=course)
    url = reverse("analysis", args=[course.slug])
    assert "Nothing was computed yet" in client.get(url).content.decode()
    client.post(reverse("compute_analysis", args=[course.slug, review.pk]))
    assert Analysis.objects.get().assessment == review
    page = client.get(url)
    assert (page.context["sheet"].is_waiting, page.context["sheet"].entries) == (True, ())


def test_a_planted_wrong_key_stands_first_and_says_why(client, course):
    review = answered_review(course)
    services.compute_analysis(assessment_id=review.pk, now=make.NOW)
    page = client.get(reverse("analysis", args=[course.slug]), {"assessment": review.pk})
    first, *others = page.context["sheet"].entries
    assert (first.item["suspicion"], [entry.item["suspicion"] for entry in others]) == ("rival", ["", ""])
    text = page.content.decode()
    assert ("Suspect key" in text, text.count("few learners: a hint"), "12 learners, computed" in text) == (
        True,
        2,
        True,
    )


def test_a_question_shows_what_was_chosen(client, course):
    review = answered_review(course)
    services.compute_analysis(assessment_id=review.pk, now=make.NOW)
    question = review.questions.order_by("position").first()
    page = client.get(reverse("question_analysis", args=[course.slug, question.pk]))
    assert [choice["response"] for choice in page.context["entry"].item["choices"]] == ["wrong", "right"]
    assert "66.7 %" in page.content.decode()


def test_another_courses_questions_are_not_there(client, course):
    review = make.make_review(course=make.make_course())
    question = review.questions.first()
    assert client.get(reverse("question_analysis", args=[course.slug, question.pk])).status_code == 404
    assert client.post(reverse("compute_analysis", args=[course.slug, review.pk])).status_code == 404
    assert Analysis.objects.count() == 0


def test_the_page_costs_the_same_statements_at_any_length(client, course):
    costs = []
    for learners in (3, 12):
        review = answered_review(course, learners)
        services.compute_analysis(assessment_id=review.pk, now=make.NOW)
        with counted_statements() as statements:
            client.get(reverse("analysis", args=[course.slug]), {"assessment": review.pk})
        costs.append(len(statements))
    assert costs[0] == costs[1]
