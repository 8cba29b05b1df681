"""A saved response that cannot be graded as it is: the pages of an exam say so before its end (D8)."""

import re

import pytest

from quizzes.models import SittingQuestion
from tests import factories as make
from tests.forms import answer_form
from tests.quizzes.pages.test_exam import asked, post, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def browser(client, course):
    client.force_login(make.enroll(course=course))
    return client


@pytest.mark.parametrize(
    ("kind", "typed", "problem"),
    [
        ("numeric", "abc", "Saved, but not a number"),
        ("tensor_shape", "28 x 28", "Saved, but not a shape"),
        ("text", "\u2003", "Saved, but empty or too long"),
        ("matching", None, "Saved, but not every row has a match"),
        ("ordering", None, "Saved, but not every item has its own position"),
    ],
)
def test_before_hand_in_an_exam_says_which_saved_responses_cannot_be_graded(browser, course, kind, typed, problem):
    exam = make.make_exam(course=course, drawn=2, pool=2, kinds=[kind])
    sitting = started(browser, exam)
    first, second = asked(sitting)
    unreadable = typed or half_of(first)
    script = {"HTTP_ACCEPT": "application/json"}
    saves = [
        browser.post(f"/questions/{question.pk}/draft/", answer_form(question, response), **script).json()
        for question, response in ((first, unreadable), (second, make.right(second)))
    ]
    assert [save.get("problem") for save in saves] == [problem, None]
    paper = browser.get(f"/assessments/{exam.pk}/1/").content.decode()
    assert f'data-problem="{problem}"' in paper
    assert f"{problem}: it earns no points as it is" in text_of(paper)
    assert (paper.count('data-standing="unreadable"'), paper.count('data-standing="saved"')) == (1, 1)
    page = text_of(browser.get(f"/assessments/{exam.pk}/hand-in/").content.decode())
    assert "saved responses to 1 more" in page
    assert "One saved response cannot be graded as it is and earns no points." in page
    assert f"Question 01: {problem}" in page
    assert SittingQuestion.objects.get(sitting=sitting, question=first).draft is not None


def test_a_save_without_a_script_says_that_the_response_cannot_be_graded(browser, course):
    exam = make.make_exam(course=course, drawn=1, pool=1, kinds=["numeric"])
    (question,) = asked(started(browser, exam))
    post(browser, question, "draft", "abc")
    page = text_of(browser.get(f"/assessments/{exam.pk}/1/").content.decode())
    assert "Saved, but not a number: it earns no points as it is." in page


def half_of(question):
    """Return a response to a question with rows that leaves all but the first row out."""
    body = question.current.body
    if question.current.type == "ordering":
        return {body["items"][0]["id"]: "1"}
    return {body["left"][0]["id"]: body["right"][0]["id"]}


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
