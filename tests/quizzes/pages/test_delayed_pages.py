"""The pages of an exam whose results wait, in a browser without a script: no Check, and nothing that tells (D33)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from quizzes.models import SittingQuestion
from tests import factories as make
from tests.forms import answer_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def exam():
    """An exam that draws at least one question whose response is typed."""
    kinds = ["single_choice", "numeric", "text", "true_false", "numeric"]
    return make.make_exam(course=make.make_course(), drawn=3, pool=5, kinds=kinds)


@pytest.fixture
def browser(client, exam):
    client.force_login(make.enroll(course=exam.course))
    return client


def asked():
    rows = SittingQuestion.objects.select_related("question__current").order_by("position")
    return [row.question for row in rows]


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_an_exam_whose_results_wait_has_no_check_and_says_when_they_come(browser, exam):
    waits = dict.fromkeys(("verdict", "score", "key", "explanation"), "release")
    type(exam).objects.filter(pk=exam.pk).update(show=waits)
    when = "You can see your points, and which responses are correct, once an instructor allows it."
    before = text_of(browser.get(f"/assessments/{exam.pk}/"))
    assert (when in before, "You can change them until the exam ends" in before) == (True, True)
    browser.post(f"/assessments/{exam.pk}/start/")
    first, second, _third = asked()
    page = browser.get(f"/assessments/{exam.pk}/1/").content.decode()
    assert ("data-check" in page, "Attempt 1 of" in page) == (False, False)
    assert "Your response is saved as you type, and graded when the exam ends." in text_of(
        browser.get(f"/assessments/{exam.pk}/1/")
    )
    for question, response in ((first, make.right(first)), (second, make.wrong(second))):
        browser.post(f"/questions/{question.pk}/draft/", answer_form(question, response))
    assert "You have saved responses to 2 of 3 questions." in text_of(browser.get(f"/assessments/{exam.pk}/hand-in/"))
    browser.post(f"/assessments/{exam.pk}/hand-in/")
    result = text_of(browser.get(f"/assessments/{exam.pk}/"))
    assert (when in result, "Not shown yet" in result, "Correct" in result) == (True, True, False)
    assert browser.get(f"/assessments/{exam.pk}/attempts/").status_code == 302
    assert "Result not shown yet" in text_of(browser.get(f"/courses/{exam.course.slug}/progress/"))


def test_an_exam_that_is_handed_in_is_no_longer_due(browser, exam):
    closes_at, waits = timezone.now() + timedelta(days=2), dict.fromkeys(("verdict", "score"), "release")
    waits |= {"key": "release", "explanation": "release"}
    type(exam).objects.filter(pk=exam.pk).update(show=waits, closes_at=closes_at)
    progress = f"/courses/{exam.course.slug}/progress/"
    assert len(browser.get(progress).context["coming"]) == 1
    browser.post(f"/assessments/{exam.pk}/start/")
    browser.post(f"/assessments/{exam.pk}/hand-in/")
    assert browser.get(progress).context["coming"] == ()
