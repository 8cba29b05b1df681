"""Viewing as a learner: the way out is never covered, and a running exam is looked at without asking for what is not ours."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from quizzes.models import SittingQuestion
from quizzes.services import start_sitting
from tests.browser import course as demo
from tests.browser.looks import DESKTOP
from tests.browser.shots import look_at
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(open_page, course, learner):
    start_sitting(learner=learner, assessment=demo.exam_of(course), now=timezone.now())
    opened = open_page(DESKTOP, instructor_of(course))
    opened.goto(f"/admin/courses/{course.slug}/learners/{learner.pk}/signals/")
    opened.get_by_role("button", name="View as this learner").click()
    return opened


def test_stop_viewing_can_be_reached_while_the_learners_exam_runs(page, course):
    expect(page.get_by_role("region", name="Running exam")).to_be_visible()
    page.mouse.wheel(0, 2000)
    page.get_by_role("button", name="Stop viewing").click()
    expect(page.get_by_role("region", name="Viewing as a learner")).to_have_count(0)


def test_a_running_exam_is_viewed_without_asking_or_sending_anything(page, course):
    exam = demo.exam_of(course)
    before = list(SittingQuestion.objects.values())
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/assessments/{exam.pk}/1/", wait_until="networkidle")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/api/" in url] == []
    look_at(page, "exam-viewed", DESKTOP)
    page.get_by_role("link", name="Next Question 2").click()
    expect(page.get_by_role("heading", name="Question 2 of 10")).to_be_visible()
    assert list(SittingQuestion.objects.values()) == before
    page.get_by_role("button", name="Stop viewing").click()
