"""A pause hides the paper of an open exam and keeps in the page what was typed there (D32)."""

from contextlib import contextmanager

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from quizzes.models import Attempt, Sitting
from quizzes.services import pause_sittings, resume_sittings, start_sitting
from tests import factories as make
from tests.browser import course as demo
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import look_at, look_at_refreshing
from tests.browser.test_exam import box, open_question, stored, wait_until_saved
from tests.browser.visitors import wait_until_sent
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]


@pytest.fixture
def sitting(course, learner):
    found, _is_new = start_sitting(learner=learner, assessment=demo.exam_of(course), now=timezone.now())
    return found


@contextmanager
def running_clock(page, sitting):
    """Tell the page that the exam's clock runs, as it does now, until the block ends."""
    times = f"**/sittings/{sitting.pk}/clock/"
    with page.expect_response(times) as running:
        pass
    body = running.value.text()
    page.route(times, lambda route: route.fulfill(body=body, content_type="application/json"))
    yield
    page.unroute(times)


def test_in_a_pause_what_was_typed_stays_in_the_page_and_is_saved_when_the_exam_goes_on(
    open_page, course, learner, sitting
):
    page = open_page(PHONE, learner)
    row = open_question(page, sitting)
    box(page, row).fill("tanh")
    wait_until_saved(page)
    said = {"course": course, "sitting_ids": [sitting.pk], "author": make.make_user(), "reason": "A fire alarm."}
    with running_clock(page, sitting):
        pause_sittings(hours=24, now=timezone.now(), **said)
        box(page, row).fill("relu")
    notice = page.locator("[data-pause]")
    expect(notice).to_contain_text("A fire alarm.")
    expect(box(page, row)).to_be_hidden()
    expect(page.locator("[data-clock]")).to_be_hidden()
    look_at(page, "exam-paused-open", PHONE)
    assert stored(row) == "tanh"
    notice.get_by_role("button", name="Resume the exam").click()
    expect(box(page, row)).to_have_value("relu")
    wait_until_sent(page)
    assert stored(row) == "relu"
    resumed = Sitting.objects.get(pk=sitting.pk)
    assert (resumed.paused_at, resumed.deadline_at > sitting.deadline_at) == (None, True)


def test_a_check_before_the_page_knows_of_the_pause_says_so_and_loses_nothing(open_page, course, learner, sitting):
    page = open_page(user=learner)
    row = open_question(page, sitting)
    said = {"course": course, "sitting_ids": None, "author": make.make_user(), "reason": "A fire alarm."}
    with running_clock(page, sitting):
        pause_sittings(hours=24, now=timezone.now(), **said)
        box(page, row).fill("relu")
        page.locator(f"[id='q-{row.question_id}']").get_by_role("button", name="Check").click()
        expect(page.get_by_text("This exam is paused")).to_be_visible()
        expect(box(page, row)).to_have_value("relu")
        assert Attempt.objects.count() == 0
    expect(page.locator("[data-pause]")).to_be_visible()


def test_an_exam_that_an_instructor_resumes_goes_on_in_the_open_page(open_page, course, learner, sitting):
    page = open_page(user=learner)
    row = open_question(page, sitting)
    said = {"course": course, "sitting_ids": None, "author": make.make_user(), "reason": "A fire alarm."}
    pause_sittings(hours=24, now=timezone.now(), **said)
    expect(page.locator("[data-pause]")).to_be_visible()
    resume_sittings(now=timezone.now(), **said)
    expect(box(page, row)).to_be_visible()
    expect(page.locator("[data-pause]")).to_have_count(0)


@pytest.mark.parametrize("look", [DESKTOP, PHONE], ids=str)
def test_the_page_of_a_paused_exam(open_page, course, learner, sitting, look):
    page = open_page(look, learner)
    said = {"course": course, "sitting_ids": None, "author": make.make_user(), "reason": "A fire alarm."}
    pause_sittings(hours=24, now=timezone.now(), **said)
    page.goto(f"/assessments/{sitting.assessment_id}/1/")
    look_at_refreshing(page, "exam-paused", look)
    page.goto("/about/")
    expect(page.get_by_role("region", name="Running exam")).to_contain_text("is paused.")
    page.goto(f"/assessments/{sitting.assessment_id}/")
    page.get_by_role("button", name="Resume the exam").click()
    expect(page.locator("[data-left]")).to_be_visible()
