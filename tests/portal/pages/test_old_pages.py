"""A question that is published again while a learner's page still shows its earlier version (D16)."""

import pytest

from quizzes.models import Attempt
from tests import factories as make
from tests.leaks.forms import forms_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make.make_review(course=make.make_course(), kinds=["numeric", "numeric"])


@pytest.fixture
def question(review):
    return review.questions.order_by("position").first()


@pytest.fixture
def browser(client, review):
    client.force_login(make.enroll(course=review.course))
    return client


def publish_again(question, kind="numeric"):
    source = {"answer": "7", "tolerance": "0"} if kind == "numeric" else None
    make.publish(question=question, type=kind, source=source)


def card_form(page, question):
    """Return the form of the question's card."""
    (form,) = (form for form in forms_in(page.text, "") if form.action == f"/questions/{question.pk}/check/")
    return form


def open_form(browser, question):
    return card_form(browser.get(f"/assessments/{question.assessment_id}/"), question)


def press_check(browser, question, form, response, **headers):
    return browser.post(form.action, {**form.fields, f"q-{question.pk}": response}, headers=headers)


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {}], ids=["script", "no script"])
def test_an_open_page_never_has_a_response_checked_against_a_version_that_it_did_not_show(browser, question, headers):
    form = open_form(browser, question)
    publish_again(question)
    refused = press_check(browser, question, form, "0.25", **headers)
    assert (refused.status_code, Attempt.objects.count()) == (409, 0)
    assert "This question has changed since you opened it" in refused.text
    fresh = card_form(refused, question)
    assert (form.fields["version"], fresh.fields["version"], fresh.fields[f"q-{question.pk}"]) == ("1", "2", "0.25")
    assert press_check(browser, question, fresh, "7", **headers).status_code in (200, 302)
    attempt = Attempt.objects.get()
    assert (attempt.is_correct, attempt.version.number) == (True, 2)


@pytest.mark.parametrize("kind", sorted(make.SOURCES))
def test_the_page_shows_the_new_version_also_if_the_response_cannot_be_one_to_it(browser, question, kind):
    form = open_form(browser, question)
    publish_again(question, kind)
    refused = press_check(browser, question, form, "0.25", **{"HX-Request": "true"})
    assert (refused.status_code, Attempt.objects.count()) == (409, 0)
    fresh = card_form(refused, question)
    assert (fresh.fields["type"], fresh.fields["version"]) == (kind, "2")


def test_a_check_that_is_sent_twice_gets_the_stored_result_whatever_was_published_between(browser, question):
    form = open_form(browser, question)
    press_check(browser, question, form, "7", **{"HX-Request": "true"})
    publish_again(question)
    again = press_check(browser, question, form, "7", **{"HX-Request": "true"})
    assert (again.status_code, Attempt.objects.count()) == (200, 1)
    assert card_form(again, question).fields["version"] == "1"


def test_each_question_of_a_page_names_its_own_version(browser, review, question):
    publish_again(question)
    versions = [open_form(browser, each).fields["version"] for each in review.questions.order_by("position")]
    assert versions == ["2", "1"]


@pytest.mark.parametrize("version", ["", "two", "-1"])
def test_a_page_of_the_last_release_names_no_version_and_is_checked_as_before(browser, question, version):
    form = open_form(browser, question)
    form.fields["version"] = version
    publish_again(question)
    assert press_check(browser, question, form, "7", **{"HX-Request": "true"}).status_code == 200
