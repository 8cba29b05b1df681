"""A rehearsal in a browser: typed text is saved and checked under its own address, and the explanations come at the end."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from quizzes.models import SittingQuestion
from quizzes.services import check_response
from tests import factories as make
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import look_at
from tests.browser.visitors import wait_until_sent

pytestmark = pytest.mark.django_db(transaction=True)
SAVED = re.compile(r"Saved \d\d:\d\d:\d\d")


@pytest.fixture
def rehearsable():
    """An exam whose learner has finished one review question of its module, which is typed."""
    course = make.make_course()
    exam = make.make_exam(course=course, drawn=1, pool=2, kinds=["text"], title="Final")
    learner = make.enroll(course=course)
    question = make.make_review(course=course, module=exam.module, kinds=["text"]).questions.get()
    check_response(
        learner=learner, question_id=question.pk, response=make.right(question), number=1, now=timezone.now()
    )
    return exam, learner, question


@pytest.mark.parametrize("look", [PHONE, DESKTOP], ids=str)
def test_a_rehearsal_saves_checks_and_explains(open_page, rehearsable, look):
    exam, learner, question = rehearsable
    page: Page = open_page(look, learner)
    page.goto(f"/rehearse/{exam.pk}/")
    look_at(page, "rehearsal-front", look)
    page.get_by_role("button", name="Start a rehearsal").click()
    expect(page.get_by_text("This is a rehearsal.")).to_be_visible()
    page.locator(".paper-question input.field").fill("wrong")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    wait_until_sent(page)
    row = SittingQuestion.objects.get(sitting__kind="rehearsal")
    assert (row.question_id, row.draft) == (question.pk, "wrong")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("button", name="Final Check")).to_be_visible()
    look_at(page, "rehearsal", look)
    page.locator("a.btn[data-hand-in]").click()
    page.get_by_role("button", name="Hand in and end the rehearsal").click()
    expect(page.get_by_role("heading", name="0 of 1 points")).to_be_visible()
    expect(page.get_by_text("Because of the secret reason.")).to_be_visible()
