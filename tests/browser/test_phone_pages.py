"""Pages on a phone: the outline, listings, figures, practice and the certificate."""

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from lessons.services import open_lesson
from tests import factories as make
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import look_at
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]


@pytest.fixture
def module(course):
    """Return a module of six lessons after the one of the demo course."""
    module = make.make_module(course=course, title="Convolutional Networks")
    for number in range(6):
        make.make_lesson(module=module, title=f"Lesson {number}")
    return module


def phone(open_page, learner, look=PHONE) -> Page:
    return open_page(look, learner, has_touch=True, is_mobile=True)


def part(page: Page, title: str) -> Locator:
    return page.locator(".course-module").filter(has=page.get_by_role("heading", name=title))


def test_a_phone_unfolds_the_module_at_which_the_learner_is_and_no_other(open_page, course, learner, module):
    later = make.make_module(course=course, title="Recurrent Networks")
    for number in range(6):
        make.make_lesson(module=later, title=f"Later lesson {number}")
    for lesson in [*module.lessons.order_by("position")[:2]]:
        open_lesson(user=learner, lesson=lesson, now=timezone.now())
    page = phone(open_page, learner)
    page.goto(f"/courses/{course.slug}/")
    expect(part(page, "Convolutional Networks").get_by_role("link", name="Lesson 1")).to_be_visible()
    folded = part(page, "Recurrent Networks")
    expect(folded.get_by_role("link", name="Later lesson 1")).to_be_hidden()
    look_at(page, "phone-outline", PHONE)
    folded.get_by_text("6 lessons, labs and reviews").tap()
    expect(folded.get_by_role("link", name="Later lesson 1")).to_be_visible()


def test_a_desktop_shows_every_line_of_the_outline_and_nothing_to_unfold(open_page, course, learner, module):
    page = open_page(DESKTOP, learner)
    page.goto(f"/courses/{course.slug}/")
    expect(part(page, "Convolutional Networks").get_by_role("link", name="Lesson 5")).to_be_visible()
    expect(page.get_by_text("6 lessons, labs and reviews")).to_be_hidden()
