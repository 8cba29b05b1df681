"""The pages of the question analysis: what they show, their age, and asking for new figures."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from people.services import set_groups
from quizzes import services
from quizzes.models import Analysis
from quizzes.workplace.analysis import figure_of
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
    """A review whose first question has a wrong key: the eight strongest of twelve learners take "wrong"."""
    review = make.make_review(course=course, kinds=["single_choice", "numeric", "numeric"])
    keyed, *others = review.questions.order_by("position")
    ids = {row["source"]: row["id"] for row in keyed.current.body["options"]}
    for place in range(learners):
        learner, knows = make.enroll(course=course), place * 3 < learners * 2
        given = [(keyed, ids["wrong" if knows else "right"])]
        given += [(each, make.right(each) if knows else make.wrong(each)) for each in others]
        for question, response in given:
            services.check_response(learner=learner, question_id=question.pk, response=response, number=1, now=make.NOW)
    return review


def test_before_the_first_analysis_the_page_offers_to_request_one(client, course):
    review = make.make_review(course=course)
    url = reverse("analysis", args=[course.slug])
    assert "No statistics yet" in client.get(url).content.decode()
    client.post(reverse("compute_analysis", args=[course.slug, review.pk]))
    assert Analysis.objects.get().assessment == review
    page = client.get(url)
    assert (page.context["analyzed"].is_waiting, page.context["analyzed"].entries) == (True, ())


def test_a_planted_wrong_key_is_listed_first_with_the_reason(client, course):
    review = answered_review(course)
    services.compute_analysis(assessment_id=review.pk, now=make.NOW)
    page = client.get(reverse("analysis", args=[course.slug]), {"assessment": review.pk})
    first, *others = page.context["analyzed"].entries
    assert (first.item["suspicion"], [entry.item["suspicion"] for entry in others]) == ("rival", ["", ""])
    text = page.content.decode()
    assert ("Suspect key" in text, text.count("few learners: a rough estimate"), "12 learners, computed" in text) == (
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


def test_a_common_wrong_number_says_how_it_comes_from_the_key(client, course):
    review = make.make_review(course=course, kinds=["numeric"])
    question = review.questions.get()
    right = question.current.secret["answer"]
    for response in (right, f"-{right}", f"-{right}", "1234"):
        learner = make.enroll(course=course)
        services.check_response(learner=learner, question_id=question.pk, response=response, number=1, now=make.NOW)
    services.compute_analysis(assessment_id=review.pk, now=make.NOW)
    page = client.get(reverse("question_analysis", args=[course.slug, question.pk]))
    head = re.findall(r'<th scope="row">(.*?)</th>', page.text, re.DOTALL)[:3]
    told = [" ".join(strip_tags(each).split()) for each in head]
    assert sorted(told) == sorted([f"-{right} the key with the opposite sign", "1234", f"correct:{right}"])


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


def test_the_dashboards_suspect_keys_lead_to_the_assessment_that_has_them(client, course):
    make.make_review(course=course)
    review = answered_review(course)
    services.compute_analysis(assessment_id=review.pk, now=make.NOW)
    page = client.get(reverse("dashboard", args=[course.slug]))
    link = f"{reverse('analysis', args=[course.slug])}?assessment={review.pk}"
    assert (page.context["suspects"], f'href="{link}"' in page.content.decode()) == (1, True)
    opened = client.get(link)
    assert (opened.context["analyzed"].assessment, "1 suspect key" in opened.content.decode()) == (review, True)


@pytest.mark.parametrize("sort", ["asked", "right", "at_once", "discrimination", "attempts", "time"])
def test_the_table_is_sorted_by_any_figure_both_ways(client, course, sort):
    review = answered_review(course)
    make.add_question(assessment=review, type="true_false")  # nobody has answered it
    services.compute_analysis(assessment_id=review.pk, now=make.NOW)
    url = f"{reverse('analysis', args=[course.slug])}?assessment={review.pk}&sort={sort}"
    up, down = (client.get(address).context["analyzed"].entries for address in (url, f"{url}&down=1"))
    rising, falling = ([figure_of(entry, sort) for entry in entries] for entries in (up, down))
    unknown = [None] * rising.count(None)
    known = sorted(figure for figure in rising if figure is not None)
    assert (rising, falling) == ([*known, *unknown], [*known[::-1], *unknown])


def test_the_table_is_sorted_by_the_questions_own_names_too(client, course):
    review = answered_review(course)
    services.compute_analysis(assessment_id=review.pk, now=make.NOW)
    url = f"{reverse('analysis', args=[course.slug])}?assessment={review.pk}&sort=question"
    names = [entry.question.key for entry in client.get(url).context["analyzed"].entries]
    assert names == sorted(names)
    assert client.get(f"{url}x").status_code == 400


def test_the_figures_of_one_group_are_computed_at_once_and_not_stored(client, course, teacher, monkeypatch):
    review = make.make_review(course=course, kinds=["numeric"])
    question = review.questions.get()
    said = {"course": course, "author": teacher, "now": make.NOW}
    for group, respond in (("Monday", make.right), ("Monday", make.right), ("Tuesday", make.wrong)):
        learner = make.enroll(course=course)
        set_groups(learner_id=learner.pk, names=[group], **said)
        services.check_response(
            learner=learner, question_id=question.pk, response=respond(question), number=1, now=make.NOW
        )
    set_groups(learner_id=make.enroll(course=course).pk, names=["Friday"], **said)
    url, found = reverse("analysis", args=[course.slug]), {}
    for group in ("Monday", "Tuesday", "Friday"):
        page = client.get(url, {"group": group})
        (entry,) = page.context["analyzed"].entries
        found[group] = (entry.item["asked"], entry.item.get("facility"))
    assert found == {"Monday": (2, 1.0), "Tuesday": (1, 0.0), "Friday": (0, None)}
    assert "Nobody in this group has answered yet." in page.content.decode()
    assert not Analysis.objects.exists()
    monkeypatch.setattr("quizzes.services.analysing.MOST_MEMBERS", 1)
    assert client.get(url, {"group": "Monday"}).status_code == 409
