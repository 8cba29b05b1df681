"""The load client understands the pages that it loads: otherwise a benchmark would measure refusals."""

import re

import pytest
from django.test import Client

from bench.rig.client import Failed
from bench.rig.learners import LINKS, forms_in, token_in
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def browser(course):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make.enroll(course=course))
    return browser


def test_it_finds_the_form_of_each_question_and_fills_it_in(browser, course):
    review = make.make_review(course=course, kinds=["single_choice", "numeric", "true_false"])
    page = browser.get(f"/assessments/{review.pk}/").content.decode()
    forms = list(forms_in(page))
    assert [(form.kind, len(form.choices)) for form in forms] == [
        ("single_choice", 3),
        ("numeric", 0),
        ("true_false", 2),
    ]
    wrong = make.wrong(review.questions.get(pk=forms[0].question))
    answer = browser.post(
        f"/questions/{forms[0].question}/check/", forms[0].filled(wrong), headers={"HX-Request": "true"}
    )
    (again,) = forms_in(answer.content.decode())
    assert (answer.status_code, again.fields["number"]) == (200, "2")


def test_it_finds_the_lessons_and_the_assessments(browser, course):
    lesson, review = make.make_lesson(module=make.make_module(course=course)), make.make_review(course=course)
    outline = browser.get(f"/courses/{course.slug}/").content.decode()
    assert {name: set(link.findall(outline)) for name, link in LINKS.items()} == {
        "lessons": {f"/lessons/{lesson.pk}/"},
        "assessments": {f"/assessments/{review.pk}/"},
    }


def test_it_finds_the_way_into_an_exam(browser, course):
    exam = make.make_exam(course=course)
    page = browser.get(f"/assessments/{exam.pk}/").content.decode()
    assert re.search(rf'action="/assessments/{exam.pk}/start/"', page)
    assert browser.post(f"/assessments/{exam.pk}/start/", {"csrfmiddlewaretoken": token_in(page)}).status_code == 302


def test_a_page_without_a_form_is_a_failure():
    with pytest.raises(Failed, match="no form"):
        token_in("<p>Nothing.</p>")
