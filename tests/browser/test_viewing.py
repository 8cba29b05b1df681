"""Viewing as a learner: the way out is always visible, and viewing a running exam makes no forbidden requests."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from labs.services import save_lab_draft
from quizzes.models import SittingQuestion
from quizzes.services import start_sitting
from tests.browser import course as demo
from tests.browser import labs
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import look_at
from tests.browser.visitors import view_as_learner
from tests.portal.workplace.people import instructor_of
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]


@pytest.fixture
def page(open_page, course, learner):
    start_sitting(learner=learner, assessment=demo.exam_of(course), now=timezone.now())
    opened = open_page(DESKTOP, instructor_of(course))
    opened.goto(f"/admin/courses/{course.slug}/learners/{learner.pk}/signals/")
    view_as_learner(opened)
    expect(opened.get_by_role("region", name="Viewing as a learner")).to_be_visible()
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
    expect(page.get_by_role("region", name="Viewing as a learner")).to_have_count(0)  # nothing is under way at the end


def test_a_viewed_lab_shows_the_learners_code_outputs_and_tests_read_only(open_page, course, learner, look):
    lab = labs.make_demo_lab(course)
    labs.make_past(lab, learner)
    cells = [{"id": "2", "source": "x = 1  # theirs"}, {"id": "4", "source": labs.starter(lab, "4")}]
    save_lab_draft(learner=learner, lab=lab, cells=cells, revision=0, now=timezone.now())
    page = open_page(look, instructor_of(course))
    page.goto(f"/admin/courses/{course.slug}/learners/{learner.pk}/signals/")
    view_as_learner(page)
    expect(page.get_by_role("region", name="Viewing as a learner")).to_be_visible()
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.goto(f"/labs/{lab.pk}/")
    expect(page.get_by_role("group", name="Output of cell 1").locator("img")).to_be_visible()
    expect(page.get_by_role("group", name="Code of cell 1")).to_contain_text("# theirs")
    expect(page.locator("[data-cell='2'] header")).to_contain_text("Changed since it ran")
    if look == PHONE:
        page.get_by_role("heading", name="Tests").click()
    expect(page.locator("[data-tests] li").first).to_contain_text("Passed")
    expect(page.locator("[data-tests] li").first).not_to_contain_text("may differ")
    expect(page.locator("[data-tests] li").nth(1)).to_contain_text("Your values may differ by up to 0.0001")
    expect(page.locator("[data-score]")).to_have_text("1 of 2")
    expect(page.get_by_text("You can open the model solution after three finished test runs")).to_be_visible()
    expect(page.locator(".cm-editor, [data-run-all], [data-upload]")).to_have_count(0)
    expect(page.get_by_role("link", name="Mina")).to_be_visible()
    page.get_by_role("heading", name="History").click()
    page.locator("[data-history] button").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    look_at(page, "lab-viewed", look)
    assert set(sent) == {"GET"}
