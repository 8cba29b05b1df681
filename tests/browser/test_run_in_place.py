"""Learners run a lesson's listings in place; others see what they need first."""

import pytest
from playwright.sync_api import expect

from course.markup import render_page
from tests import factories as make
from tests.browser.shots import look_at
from tests.browser.streaming import site
from tests.labs.conftest import live, own_folders, runner, starters

__all__ = ["live", "own_folders", "runner", "site", "starters"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)

TEXT = """Count to *two*.

```python {id=begin runtime=tf2 run=true}
count = 1
print("begun")
```

## And on

```python {id=go-on runtime=tf2 run=true after=[begin]}
count += 1
print("count", count)
```
"""


@pytest.fixture
def lesson(course):
    page = render_page(TEXT)
    listings = [
        {"id": each.id, "runtime": each.runtime, "run": True, "after": list(each.after), "source": each.source}
        for each in page.listings
    ]
    module = course.modules.get(title="Introduction to TensorFlow")
    return make.make_lesson(module=module, title="Counting", html=page.html, listings=listings, is_open=True)


def listing(page, name):
    return page.locator(f"figure[data-listing='{name}']")


def test_a_listing_runs_after_what_it_needs_is_edited_stopped_and_put_back(open_page, learner, lesson, runner, live):
    live.worker()
    page = open_page(user=learner)
    page.goto(f"/lessons/{lesson.pk}/")
    later = listing(page, "go-on")
    later.get_by_role("button", name="Run").click()
    expect(later.locator(".output")).to_have_text("count 2")
    expect(later).to_contain_text("Ran")
    later.get_by_role("button", name="Edit").click()
    expect(later.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("\nprint(counted)")
    page.keyboard.press("Control+Enter")
    expect(later.locator(".error")).to_contain_text("NameError: name 'counted' is not defined")
    later.get_by_role("button", name="Line 3").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Backspace")
    page.keyboard.insert_text("while True: pass")
    page.keyboard.press("Shift+Enter")
    expect(later).to_contain_text("Running")
    later.get_by_role("button", name="Stop").click()
    expect(later).to_contain_text("You stopped this run.")
    later.get_by_role("button", name="Reset to starting code").click()
    expect(later.locator(".cm-content")).to_contain_text("count += 1")
    expect(later.locator(".output")).to_be_hidden()
    later.get_by_role("button", name="Run").click()
    expect(later.locator(".output")).to_have_text("count 2")  # in a new session


def test_a_lesson_that_runs_in_every_look(open_page, look, learner, lesson):
    page = open_page(look, learner)
    page.goto(f"/lessons/{lesson.pk}/")
    listing(page, "go-on").get_by_role("button", name="Edit").click()
    expect(listing(page, "go-on").get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(listing(page, "go-on").get_by_role("button", name="Run")).to_be_focused()
    look_at(page, "lesson-edit", look)


def test_others_see_what_running_takes(open_page, lesson):
    page = open_page()
    page.goto(f"/lessons/{lesson.pk}/")
    link = listing(page, "begin").get_by_role("link", name="Create a free account to run this")
    assert link.get_attribute("href") == f"/accounts/signup/?next=%2Flessons%2F{lesson.pk}%2F"
    page = open_page(user=make.make_user())
    page.goto(f"/lessons/{lesson.pk}/")
    expect(listing(page, "begin").get_by_role("link", name="Enroll to run this")).to_be_visible()
    expect(listing(page, "begin").get_by_role("button", name="Run")).to_have_count(0)
