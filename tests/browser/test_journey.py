"""A learner's whole journey, from signing up to a stranger who verifies the certificate, in every look and without a script."""

import re

import pytest
from playwright.sync_api import Page, expect

from course.models import Lesson
from grading.models import Certificate
from quizzes.models import Attempt, Question, SittingQuestion
from tests.browser import course as demo
from tests.browser.looks import DESKTOP
from tests.forms import fields

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_signing_up_to_a_verified_certificate(open_page, look, course):
    page = open_page(look)
    travel(page, course)
    verify(open_page(look), page.url)


def test_the_same_way_without_a_script(open_page, course):
    page = open_page(DESKTOP, java_script_enabled=False)
    travel(page, course)
    verify(open_page(DESKTOP, java_script_enabled=False), page.url)


def travel(page: Page, course):
    sign_up(page)
    enrol(page, course)
    read(page, course)
    answer_review(page, course)
    sit_exam(page, course)
    page.goto(f"/courses/{course.slug}/progress/")
    expect(page.get_by_role("heading", name="You have passed the course")).to_be_visible()
    expect(page.locator("main")).to_contain_text("7 of 8 × 50 + 10 of 10 × 50 = 93.7")
    page.get_by_role("link", name="Your certificate").click()
    expect(page.get_by_role("heading", name="Ada Lovelace")).to_be_visible()


def sign_up(page: Page):
    page.goto("/accounts/signup/")
    page.locator("input[name=username]").fill("ada")
    page.locator("input[name=email]").fill("ada@example.org")
    page.locator("input[name=password1]").fill("a long walk at night")
    page.locator("main form button").last.click()
    expect(page.locator(".account")).to_contain_text("ada")


def enrol(page: Page, course):
    page.goto(f"/courses/{course.slug}/")
    page.locator("main input[name=name]").first.fill("Ada Lovelace")
    page.get_by_role("button", name=re.compile("Enrol")).first.click()
    expect(page.locator("main")).to_contain_text("You are enrolled")


def read(page: Page, course):
    lesson = Lesson.objects.filter(module__course=course, title="Linear regression").get()
    page.goto(f"/lessons/{lesson.pk}/")
    expect(page.get_by_role("heading", name="Linear regression").first).to_be_visible()


def answer_review(page: Page, course):
    """Answer the first question wrong and then right, the True/False question wrong until final, all others right."""
    review = demo.review_of(course)
    page.goto(f"/assessments/{review.pk}/")
    for question in review.questions.select_related("current").order_by("position"):
        if question.current.type == "single_choice":
            check(page, question, is_right=False, button="Check")
            expect(card(page, question)).to_contain_text("Not quite")
            check(page, question, is_right=True, button="Final Check")
        elif question.current.type == "true_false":
            check(page, question, is_right=False, button="Final Check")
            expect(card(page, question)).to_contain_text("Incorrect")
            continue
        else:
            check(page, question, is_right=True, button="Check")
        expect(card(page, question)).to_contain_text("Correct")
    expect(page.locator("#running-total .total")).to_contain_text("7 / 8")
    assert Attempt.objects.count() == 9


def sit_exam(page: Page, course):
    exam = demo.exam_of(course)
    page.goto(f"/assessments/{exam.pk}/")
    page.get_by_role("button", name="Start the exam").click()
    expect(page.get_by_role("timer")).to_be_visible()
    for row in SittingQuestion.objects.select_related("question__current").filter(sitting__assessment=exam):
        page.goto(f"/assessments/{exam.pk}/{row.position}/")
        check(page, row.question, is_right=True, button=None)
        expect(card(page, row.question)).to_contain_text("Correct")
    page.get_by_role("link", name="Hand in").first.click()
    page.get_by_role("button", name="Hand in and end the exam").click()
    expect(page.get_by_role("heading", name="10 of 10 points")).to_be_visible()


def check(page: Page, question: Question, *, is_right: bool, button: str | None):
    fill(page, question, demo.response(question, is_right=is_right))
    pressed = card(page, question).locator("[data-check]")
    if button:
        expect(pressed).to_have_text(button)
    pressed.click()


def card(page: Page, question: Question):
    return page.locator(f"[id='q-{question.pk}-card']")


def fill(page: Page, question: Question, response):
    """Fill the controls that the page offers for a question, with or without a script."""
    kind, name = question.current.type, f"q-{question.pk}"
    if kind == "ordering" and card(page, question).locator("[data-move]:visible").count():
        arrange(page, question, response)
        return
    for field, value in fields(kind, name, response).items():
        for one in value if isinstance(value, list) else [value]:
            control = card(page, question).locator(f"[name='{field}']")
            match control.first.get_attribute("type"), control.first.evaluate("node => node.tagName"):
                case (("radio" | "checkbox"), _):
                    card(page, question).locator(f"[name='{field}'][value='{one}']").check()
                case _, "SELECT":
                    control.select_option(one)
                case _:
                    control.fill(one)


def arrange(page: Page, question: Question, order: list[str]):
    """Move each item to its place with the buttons."""
    for place, item in enumerate(order):
        row = card(page, question).locator(f"[data-item='{item}']")
        while row.evaluate("node => [...node.parentElement.children].indexOf(node)") > place:
            row.locator("[data-move=up]").click()
    first = card(page, question).locator(f"[data-item='{order[0]}']")
    first.locator("[data-move=down]").click()
    first.locator("[data-move=up]").click()


def verify(page: Page, address: str):
    certificate = Certificate.objects.get()
    page.goto(address)
    expect(page.get_by_text("This certificate is valid.")).to_be_visible()
    expect(page.locator("article")).to_contain_text(certificate.code)
    expect(page.locator("article")).to_contain_text("with 70 % or higher")
