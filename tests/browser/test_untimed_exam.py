"""An exam without a time limit, from the page before it to its result (D36)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from quizzes.models import Assessment, Attempt, Sitting, SittingQuestion
from quizzes.services import follow_closings, start_sitting
from tests.browser import course as demo
from tests.browser.shots import look_at
from tests.browser.visitors import wait_until_sent
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
SAVED = re.compile(r"Saved \d\d:\d\d:\d\d")
SEEN = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture
def exam(course):
    exam = demo.exam_of(course)
    Assessment.objects.filter(pk=exam.pk).update(time_limit=None)
    return Assessment.objects.get(pk=exam.pk)


def answer(page, sitting):
    """Type a response to a question of the paper."""
    row = SittingQuestion.objects.filter(sitting=sitting, version__type="text").order_by("position").first()
    page.goto(f"/assessments/{sitting.assessment_id}/{row.position}/")
    page.locator(f"[id='q-{row.question_id}']").locator("input.field").fill("relu")
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    wait_until_sent(page)


def test_it_is_sat_from_the_start_to_the_result_on_another_day(open_page, learner, exam, look):
    with time_machine.travel(timezone.now(), tick=True) as clock:
        page = open_page(look=look, user=learner)
        page.goto(f"/assessments/{exam.pk}/")
        look_at(page, "untimed-start", look)
        page.get_by_role("button", name="Start the exam").click()
        expect(page.get_by_text("No time limit", exact=True)).to_be_visible()
        answer(page, Sitting.objects.get())
        look_at(page, "untimed-exam", look)
        page.goto("/")
        expect(page.get_by_role("region", name="Running exam")).to_contain_text("is not handed in yet")
        clock.shift(timedelta(days=3))
        page.get_by_role("link", name="Back to the exam").click()
        page.locator("[data-hand-in]:visible").first.click()
        expect(page.get_by_role("heading", name="Hand in now?")).to_be_visible()
        look_at(page, "untimed-hand-in", look)
        page.get_by_role("button", name="Hand in and end the exam").click()
        expect(page.get_by_role("heading", name="1 of 10 points")).to_be_visible()
    assert list(Attempt.objects.values_list("by", "is_correct")) == [("deadline", True)]
    assert Sitting.objects.get().ended_by == "learner"


def test_an_open_page_names_a_closing_that_is_set_meanwhile_and_leaves_at_it(open_page, learner, exam):
    sitting, _ = start_sitting(learner=learner, assessment=exam, now=timezone.now())
    with time_machine.travel(sitting.started_at, tick=True) as clock:
        page = open_page(user=learner)
        answer(page, sitting)
        closes_at = sitting.started_at + timedelta(days=2)
        Assessment.objects.filter(pk=exam.pk).update(closes_at=closes_at)
        with transaction.atomic():
            follow_closings(course_id=exam.course_id, now=timezone.now())
        page.evaluate(SEEN)
        for place in ("[data-added]", "[data-announcer]"):
            expect(page.locator(place)).to_contain_text("or when it closes:")
        expect(page.locator("[data-until]")).to_contain_text("Closes")
        clock.move_to(closes_at - timedelta(seconds=2))
        page.evaluate(SEEN)
        expect(page.get_by_role("heading", name="The exam has closed")).to_be_visible()
        clock.shift(timedelta(seconds=31))
        expect(page.get_by_role("heading", name="1 of 10 points")).to_be_visible()
