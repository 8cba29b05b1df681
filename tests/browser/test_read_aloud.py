"""A learner's way through the course as a screen reader reads it, and what a finger can hit."""

import pytest
from playwright.sync_api import expect

from course.services import set_study_goal
from tests import factories as make
from tests.browser import course as demo
from tests.browser.looks import PHONE
from tests.browser.reading import missing_from, read_aloud, unclear
from tests.browser.test_review import card_of, question_of

pytestmark = pytest.mark.django_db(transaction=True)

HOME = [
    'navigation "Main"',
    "main",
    'heading "What it teaches" [level=1]',
    'link "Start"',
    'heading "This week" [level=2]',
    'img "Days on which you studied: none yet"',
    "paragraph: 0 of 3 days",
    'heading "Your grade" [level=2]',
    "contentinfo",
]
OUTLINE = ['heading "Deep Learning with TensorFlow" [level=1]', 'link "Linear regression"', 'link "Final exam"']
LESSON = [
    'navigation "Contents"',
    'heading "Linear regression" [level=1]',
    'heading "How wrong a line is" [level=2]',
    'navigation "Pages before and after"',
]
REVIEW = ['heading "Review questions of module 1" [level=1]', 'radio "5"', 'radio "40"', 'button "Check"']
EXAM = ['heading "Final exam" [level=1]', 'heading "How it works" [level=2]', 'button "Start the exam']
GOAL = ['heading "Weekly goal" [level=1]', 'radio "days on which I study" [checked]', 'button "Save goal"']


def test_the_pages_on_the_way_read_in_order_and_make_sense_by_ear(open_page, course, learner):
    set_study_goal(user=learner, course=course, unit="days", amount=3, zone="", now=make.NOW)
    page = open_page(user=learner)
    review = demo.review_of(course)
    lesson = course.modules.get(title="Introduction to TensorFlow").lessons.get(title="Linear regression")
    for address, script in {
        "/": HOME,
        f"/courses/{course.slug}/": OUTLINE,
        f"/lessons/{lesson.pk}/": LESSON,
        f"/assessments/{review.pk}/": REVIEW,
        f"/assessments/{demo.exam_of(course).pk}/": EXAM,
        f"/courses/{course.slug}/progress/": ['heading "Not started" [level=1]'],
        f"/courses/{course.slug}/goal/": GOAL,
        f"/courses/{course.slug}/help/": ['heading "What you asked" [level=1]'],
        f"/courses/{course.slug}/notes/": ['heading "Your notes" [level=1]'],
        "/settings/": ['heading "Settings" [level=1]', 'heading "Email" [level=2]', 'checkbox "Announcements'],
    }.items():
        page.goto(address, wait_until="networkidle")
        lines = read_aloud(page)
        assert (address, missing_from(lines, script)) == (address, [])
        assert (address, unclear(lines)) == (address, [])


def test_an_answer_a_save_and_a_move_are_announced(open_page, course, learner):
    page = open_page(user=learner)
    review = demo.review_of(course)
    page.goto(f"/assessments/{review.pk}/", wait_until="networkidle")
    ordering, choice = (question_of(review, kind) for kind in ("ordering", "single_choice"))
    card_of(page, ordering).get_by_role("button", name="Keep this order").click()
    expect(page.locator("[data-announcer]")).to_have_text("Saved")
    page.keyboard.press("Shift+Tab")
    card = card_of(page, choice)
    card.get_by_role("radio").first.check()
    card.get_by_role("button", name="Check").click()
    expect(card.get_by_text("Correct", exact=True).first).to_be_visible()
    assert any("Correct" in line for line in read_aloud(card))


TOO_SMALL = """() => [...document.querySelectorAll(
  "button, select, textarea, summary, label:not([for]), input, nav a, .btn, .entries a"
)].filter((one) => {
  if (!one.checkVisibility({ visibilityProperty: true }) || one.closest(".visually-hidden, p, li li")) return false;
  if (one.matches("input:is([type=checkbox], [type=radio])") && one.closest("label")) return false;
  const { width, height } = one.getBoundingClientRect();
  return width > 1 && (height < 44 || width < 44);
}).map((one) => `${one.tagName} ${one.className}: ${one.textContent.trim().slice(0, 40)}`)"""


def test_a_finger_hits_every_control(open_page, course, learner):
    page = open_page(PHONE, learner, has_touch=True, is_mobile=True)
    lesson = course.modules.get(title="Introduction to TensorFlow").lessons.get(title="Linear regression")
    for address in (
        "/",
        f"/courses/{course.slug}/",
        f"/lessons/{lesson.pk}/",
        f"/assessments/{demo.review_of(course).pk}/",
        f"/courses/{course.slug}/goal/",
        "/settings/",
    ):
        page.goto(address, wait_until="networkidle")
        assert (address, page.evaluate(TOO_SMALL)) == (address, [])
