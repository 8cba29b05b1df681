"""Reading a lesson: its end marks it as read once, and the contents follow the position."""

import pytest
from playwright.sync_api import expect

from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "".join(f"<p>{'Words to read. ' * 60}</p>" for _ in range(8))
PAGE = (
    f'<section data-section="">{LONG}<h2 id="c-first">First</h2>{LONG}<h2 id="c-last">Last</h2><p>Short.</p></section>'
)
CONTENTS = [{"id": "first", "text": "First", "level": 2}, {"id": "last", "text": "Last", "level": 2}]


@pytest.fixture
def page(open_page, course, learner):
    module = course.modules.get(title="Introduction to TensorFlow")
    lesson = make.make_lesson(module=module, title="Reading", html=PAGE, contents=CONTENTS)
    page = open_page(user=learner)
    page.goto(f"/lessons/{lesson.pk}/")
    return page


def test_the_button_pressed_while_the_end_comes_into_view_marks_once(page):
    errors = []
    page.on("pageerror", lambda error: errors.append(error))
    button = page.get_by_role("button", name="Mark as read")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#end")).to_contain_text("You have read this lesson.")
    expect(page.locator("#end")).to_be_focused()
    expect(page.locator(".contents a[aria-current='page']")).to_contain_text("(read)")
    assert errors == []


def test_the_last_section_is_the_current_one_when_it_is_chosen(page):
    link = page.locator(".contents .page-headings a", has_text="Last")
    page.evaluate("document.querySelector('.contents details').open = true")
    link.click()
    expect(link).to_have_attribute("aria-current", "true")
    page.mouse.wheel(0, -100000)
    expect(link).not_to_have_attribute("aria-current", "true")
