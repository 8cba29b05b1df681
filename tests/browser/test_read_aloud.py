"""A learner's way through the course as a screen reader reads it, and what a finger can hit."""

import re
from collections.abc import Sequence

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from lessons.services import save_study_note
from portal.goals.services import set_study_goal
from quizzes.models import Sitting, SittingQuestion
from quizzes.services import check_response, save_draft, set_flag, start_sitting
from tests import factories as make
from tests.browser import course as demo
from tests.browser.looks import PHONE
from tests.browser.reading import TOO_SMALL, missing_from, read_aloud, unclear
from tests.browser.test_review import card_of, question_of
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]

HOME = [
    'navigation "Main"',
    "main",
    'heading "About this course What it teaches" [level=1]',
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
REVIEW = ['heading "Review questions of module 1" [level=1]', 'radio "', 'radio "', 'button "Check"']
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
    card.locator(f"input[value='{make.right(choice)}']").check()  # options are in an order of the learner's own
    card.get_by_role("button", name="Check").click()
    expect(card.get_by_text("Correct", exact=True).first).to_be_visible()
    assert any("Correct" in line for line in read_aloud(card))


def test_a_finger_hits_every_control(open_page, course, learner):
    page = open_page(PHONE, learner, has_touch=True, is_mobile=True)
    lesson = course.modules.get(title="Introduction to TensorFlow").lessons.get(title="Linear regression")
    passage = dict.fromkeys(("quote", "before", "after", "text"), "")
    save_study_note(user=learner, lesson=lesson, key="abcd1234", section="", revision=0, now=timezone.now(), **passage)
    for address in (
        "/",
        f"/courses/{course.slug}/notes/",
        f"/courses/{course.slug}/",
        f"/lessons/{lesson.pk}/",
        f"/assessments/{demo.review_of(course).pk}/",
        f"/courses/{course.slug}/goal/",
        f"/courses/{course.slug}/progress/",
        "/search/?q=line",
        "/glossary/",
        "/settings/",
        "/settings/data/",
        "/settings/tokens/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/sessions/",
    ):
        page.goto(address, wait_until="networkidle")
        if page.locator("[data-strip]").count():
            page.locator("[data-strip] summary").tap()
        assert (address, page.evaluate(TOO_SMALL)) == (address, [])


def test_a_finger_hits_every_control_of_an_exam(open_page, course, learner):
    exam = demo.exam_of(course)
    sitting, _is_new = start_sitting(learner=learner, assessment=exam, now=timezone.now())
    answer_some(sitting)
    page = open_page(PHONE, learner, has_touch=True, is_mobile=True)
    for place in ("1/", "hand-in/"):
        page.goto(f"/assessments/{exam.pk}/{place}", wait_until="networkidle")
        assert (place, page.evaluate(TOO_SMALL)) == (place, [])


def test_a_finger_hits_every_control_before_signing_in(open_page, course):
    page = open_page(PHONE, has_touch=True, is_mobile=True)
    for address in ("/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/offline/"):
        page.goto(address, wait_until="networkidle")
        assert (address, page.evaluate(TOO_SMALL)) == (address, [])


BEFORE_THE_NAVIGATOR = [
    'region "Time and responses"',
    'timer "Time left"',
    'heading "Question 1 of 10" [level=2]',
    'button "Flag 1"',
    'navigation "Around question 1"',
    'link "Next Question 2"',
    'heading "Questions" [level=2]',
    'navigation "Question navigator"',
]
HAND_IN = ['heading "Hand in now?" [level=1]', 'heading "Before you hand in" [level=2]']
ENDING = ['button "Hand in and end the exam"', 'link "Keep working"']
RESULT = [
    'heading "2 of 10 points" [level=1]',
    'heading "Result by module" [level=2]',
    'heading "Question 1" [level=2]',
]


def test_a_running_exam_and_its_result_make_sense_by_ear(open_page, course, learner):
    exam = demo.exam_of(course)
    sitting, _is_new = start_sitting(learner=learner, assessment=exam, now=timezone.now())
    right, again, saved, flagged = answer_some(sitting)
    states = dict.fromkeys(range(1, 11), "not opened") | {1: "no response"}
    states |= {
        right: "correct",
        again: "incorrect, attempt left",
        saved: "saved, not checked",
        flagged: "not opened, flagged",
    }
    cells = [f'link "Question {position:02} , {words}"' for position, words in states.items()]
    page = open_page(user=learner)
    assert by_ear(page, f"/assessments/{exam.pk}/1/", [*BEFORE_THE_NAVIGATOR, *cells]) == []
    last_attempt = [f'heading "Question {again} of 10"', 'button "Final Check"']
    assert by_ear(page, f"/assessments/{exam.pk}/{again}/", last_attempt) == []
    final = page.locator("section.question:visible").get_by_role("button", name="Final Check")
    expect(final).to_have_accessible_description(re.compile("makes your response final"))
    left = [f'link "Question {position:02}"' for position in (again, saved, flagged)]
    assert by_ear(page, f"/assessments/{exam.pk}/hand-in/", [*HAND_IN, *left, *ENDING]) == []
    page.get_by_role("button", name="Hand in and end the exam").click()
    expect(page.get_by_role("heading", name="Result by module")).to_be_visible()
    assert by_ear(page, page.url, RESULT) == []


def by_ear(page: Page, address: str, script: Sequence[str]) -> list[str]:
    """Return what of the script is not read on the page, and what of the page makes no sense by ear."""
    page.goto(address, wait_until="networkidle")
    lines = read_aloud(page)
    return missing_from(lines, script) + unclear(lines)


def answer_some(sitting: Sitting) -> list[int]:
    """Answer a question right and one wrong, save a response to a third, and flag a fourth. Return their positions."""
    rows = SittingQuestion.objects.filter(sitting=sitting, version__attempts_limit=2, position__gt=1)
    right, again, saved, flagged = rows.select_related("question__current").order_by("position")[:4]
    learner, now = sitting.learner, timezone.now()
    for row in (right, again):
        answer = demo.response(row.question, is_right=row == right)
        check_response(learner=learner, question_id=row.question_id, response=answer, number=1, now=now)
    draft = demo.response(saved.question, is_right=True)
    save_draft(learner=learner, question_id=saved.question_id, response=draft, revision=0, now=now)
    set_flag(learner=learner, question_id=flagged.question_id, is_flagged=True, now=now)
    return [row.position for row in (right, again, saved, flagged)]
