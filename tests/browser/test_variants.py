"""A learner keeps the variant of a question over a wrong attempt and a reload, and an instructor finds who had it (D43)."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from people.models import Enrollment
from quizzes.rules.variants import given_variant
from tests import factories as make
from tests.browser import course as demo
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import look_at, overflow
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
BANK = [
    {
        "options": [
            {"text": f"right {n}", "right": True, "why": "y"},
            *({"text": f"wrong {n}{x}", "why": "n"} for x in "ab"),
        ]
    }
    for n in range(1, 6)
]


@pytest.fixture
def question(course):
    question = make.add_question(assessment=demo.review_of(course), type="single_choice", source=BANK[0])
    make.publish_variants(question=question, sources=BANK, type="single_choice")
    return question


@pytest.fixture
def teacher(course):
    person = make.make_user(username="ines", is_staff=True)
    Enrollment.objects.create(user=person, course=course, role="instructor", enrolled_at=make.NOW)
    return person


@pytest.mark.parametrize("look", [DESKTOP, PHONE], ids=str)
def test_a_reload_keeps_the_variant_and_its_sittings_are_listed(open_page, course, learner, teacher, question, look):
    number = given_variant(learner.pk, question.pk, len(BANK)) + 1
    page = open_page(look, learner)
    page.goto(f"/assessments/{question.assessment_id}/")
    card = page.locator(f"[id='q-{question.pk}-card']")
    expect(card).to_contain_text(f"Variant {number}?")
    card.get_by_text(f"wrong {number}a").click()
    card.locator("[data-check]").click()
    expect(card).to_contain_text("One attempt left.")
    page.reload()
    expect(card).to_contain_text(f"Variant {number}?")
    card.get_by_text(f"right {number}").click()
    card.locator("[data-check]").click()
    expect(card).to_contain_text("Correct")
    page = open_page(look, teacher)
    page.goto(reverse("question_analysis", args=[course.slug, question.pk]))
    row = page.get_by_role("row", name=f"Variant {number}")
    row.get_by_role("link", name="1 sitting").click()
    listed = page.get_by_role("region", name="Who had this variant")
    expect(page.get_by_role("heading", name="Who had this variant")).to_be_visible()
    expect(listed).to_contain_text(learner.username)
    assert overflow(page) == 0
    look_at(page, "who-had-this-variant", look)


@pytest.mark.parametrize("look", [DESKTOP, PHONE], ids=str)
def test_practice_before_the_exam_by_keyboard_asks_with_other_numbers_again_and_again(open_page, course, learner, look):
    exam = demo.exam_of(course)
    exam.practice = ["opened"]
    exam.save()
    question = make.add_question(assessment=exam, type="single_choice", source=BANK[0])
    make.publish_variants(question=question, sources=BANK, reserve=BANK, type="single_choice", objective="opened")
    page = open_page(look, learner)
    page.goto(f"/assessments/{exam.pk}/")
    page.get_by_role("link", name="Practice these questions").press("Enter")
    expect(page.get_by_role("heading", name="Question 1 of 1")).to_be_visible()
    first = page.locator(".stem").inner_text()
    page.get_by_text("right", exact=False).first.click()
    page.get_by_role("button", name="Check practice response").press("Enter")
    expect(page.get_by_text("Correct. Your grade stays as it is.")).to_be_visible()
    expect(page.locator(".stem")).to_have_text(first)
    assert overflow(page) == 0
    look_at(page, "practice-for-the-exam", look)
    page.get_by_role("link", name="Other numbers").press("Enter")
    expect(page.locator(".stem")).not_to_have_text(first)
