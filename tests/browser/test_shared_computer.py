"""On a shared computer, text that somebody typed stays theirs, also while somebody else is signed in."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from lessons.models import StudyNote
from quizzes.models import SittingQuestion
from quizzes.services import start_sitting
from tests import factories as make
from tests.browser import course as demo
from tests.browser.visitors import sign_in, wait_until_sent
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
KEPT = (
    "() => Object.entries(localStorage).filter(([key]) => key.startsWith('finalcheck:')).map(([, text]) => text).join()"
)


@pytest.fixture
def next_learner(course):
    return make.enroll(course=course, user=make.make_user(username="ben"))


def refused(response) -> bool:
    return response.request.method == "POST" and response.status == 409


def test_an_exam_keeps_its_text_from_the_next_learner(open_context, course, learner, next_learner, site):
    sitting, _is_new = start_sitting(learner=learner, assessment=demo.exam_of(course), now=timezone.now())
    row = SittingQuestion.objects.filter(sitting=sitting, version__type="text").order_by("position")[0]
    context = open_context(user=learner)
    page = context.new_page()
    page.goto(f"/assessments/{sitting.assessment_id}/{row.position}/")
    Session.objects.all().delete()
    page.locator(f"[id='q-{row.question_id}'] input.field").fill("relu")
    expect(page.locator("[data-saved]:visible")).to_contain_text("You are signed out")
    with page.expect_response(refused):
        sign_in(context, next_learner, site)
    with page.expect_response(lambda response: "/clock/" in response.url and response.status == 409):
        pass
    expect(page.locator("[data-saved]:visible")).to_contain_text("You are signed out")
    expect(page.locator(f"[id='q-{row.question_id}'] input.field")).to_have_value("relu")
    assert "relu" in page.evaluate(KEPT)
    assert set(SittingQuestion.objects.values_list("draft", flat=True)) == {None}
    sign_in(context, learner, site)
    wait_until_sent(page)
    row.refresh_from_db()
    assert row.draft == "relu"


def test_a_lesson_keeps_a_note_from_the_next_learner(open_context, course, learner, next_learner, site):
    module = course.modules.get(title="Introduction to TensorFlow")
    html = '<section data-section=""><p>Text.</p><h2 id="c-shape">Shapes</h2></section>'
    contents = [{"id": "shape", "text": "Shapes", "level": 2}]
    lesson = make.make_lesson(module=module, title="Tensors", html=html, contents=contents)
    context = open_context(user=learner)
    page = context.new_page()
    page.goto(f"/lessons/{lesson.pk}/", wait_until="networkidle")
    page.mouse.move(100, 100)
    Session.objects.all().delete()
    page.get_by_role("button", name="Bookmark this section").click()
    panel = page.get_by_role("dialog", name="Your note")
    panel.get_by_label("Your note").fill("Ask about rank.")
    expect(panel.get_by_text(re.compile("you are signed out"))).to_be_visible()
    with page.expect_response(refused):
        sign_in(context, next_learner, site)
    assert "Ask+about+rank" in page.evaluate(KEPT)
    assert not StudyNote.objects.exists()
    sign_in(context, learner, site)
    wait_until_sent(page)
    assert StudyNote.objects.get().user == learner
