"""Learners run a lesson's listings in place; others see what they need first."""

import pytest
from playwright.sync_api import expect

from course.markup import render_page
from tests import factories as make
from tests.browser.shots import look_at
from tests.browser.streaming import site
from tests.browser.visitors import sign_in
from tests.labs.conftest import live, own_folders, runner
from tests.rounds import second_round

__all__ = ["live", "own_folders", "runner", "site"]  # fixtures
pytestmark = [pytest.mark.django_db(transaction=True), second_round]

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

PRACTICE = """Practice.

:::: exercise
```python {id=guess run=true predict=shape choices="(2,); (2, 1)" expect="shape (2, 1)"}
print("shape", (2, 1))
```
::::

:::: exercise
```python {id=half run=true predict=half expect="half≈0.333±0.001"}
print("half", 1 / 3)
```
::::

:::: exercise
```python {id=double run=true expect=""}
def double(x):
    return x
```

```python {tests=double}
assert double(3) == 6, f"double(3) should be 6, but it is {double(3)}."
```

::: solution
```python {id=doubled run=true solves=double expect=""}
def double(x):
    return 2 * x
```
:::
::::
"""


@pytest.fixture
def practice(course):
    return make_lesson(course, PRACTICE)


@pytest.fixture
def lesson(course):
    return make_lesson(course, TEXT)


def make_lesson(course, text, page=None):
    page = page or render_page(text)
    assert page.problems == ()
    listings = [
        {"id": each.id, "runtime": each.runtime, "run": True, "after": list(each.after), "source": each.source}
        | {"test": each.test}
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
    expect(page.locator("[data-announcer]")).to_have_text("Listing go-on: Ran. count 2")
    later.get_by_role("button", name="Edit").click()
    expect(later.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("\nprint(counted)")
    page.keyboard.press("Control+Enter")
    expect(later.locator(".error")).to_contain_text("NameError: name 'counted' is not defined")
    expect(later.get_by_role("button", name="Run")).to_be_visible()  # it shows the error before the run has ended
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


@pytest.mark.parametrize("name", ["Run", "Edit"])
def test_without_a_connection_a_listing_says_so_and_the_next_press_works(open_page, learner, lesson, name):
    page = open_page(user=learner)
    page.goto(f"/lessons/{lesson.pk}/")
    loaded = "**/js/run-listing*.js" if name == "Run" else "**/js/editor*.js"
    page.route(loaded, lambda route: route.abort())
    begin = listing(page, "begin")
    begin.get_by_role("button", name=name).click()
    expect(begin.get_by_text("Run and Edit need a connection. Your code is safe")).to_be_visible()
    page.unroute(loaded)
    begin.get_by_role("button", name=name).click()
    expect(begin.get_by_text("need a connection")).to_have_count(0)
    if name == "Edit":
        expect(begin.get_by_role("textbox")).to_be_focused()


def edited(page, lesson, line):
    """Open the lesson and add a line to its second listing."""
    page.goto(f"/lessons/{lesson.pk}/")
    later = listing(page, "go-on")
    later.get_by_role("button", name="Edit").click()
    expect(later.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(f"\n{line}")
    return later


def kept_keys(page):
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('finalcheck-listing:'))")


def test_an_edited_listing_comes_back_beside_the_original(open_page, look, course, learner, lesson):
    page, ordered = open_page(look, learner), []

    def refuse(route):
        ordered.append(route.request.post_data_json.get("source"))
        route.fulfill(status=409, json={"code": "busy", "detail": "Not now."})

    page.route("**/runs/", refuse)
    later = edited(page, lesson, "print('mine')")
    page.goto(f"/courses/{course.slug}/")
    page.go_back()
    yours, original = (later.get_by_role("button", name=name, exact=True) for name in ("Your version", "Original"))
    expect(yours).to_have_attribute("aria-pressed", "true")
    expect(later.locator("pre:visible")).to_have_text("count += 1 print(\"count\", count) print('mine')")
    look_at(page, "lesson-your-version", look)
    run = later.get_by_role("button", name="Run", exact=True)
    run.click()
    expect(later).to_contain_text("Not now.")
    original.click()
    expect(yours).to_have_attribute("aria-pressed", "false")
    expect(later.locator("pre:visible")).not_to_contain_text("mine")
    with page.expect_response("**/runs/"):
        run.click()
    assert ordered == ["count += 1\nprint(\"count\", count)\nprint('mine')", None]
    later.get_by_role("button", name="Edit").click()
    expect(later.get_by_role("textbox")).to_contain_text("print('mine')")
    later.get_by_role("button", name="Reset to starting code").click()
    expect(later.get_by_role("textbox")).not_to_contain_text("mine")
    expect(later.get_by_role("button", name="Reset to starting code")).to_be_disabled()
    assert kept_keys(page) == []


def test_nothing_moves_when_somebody_begins_to_type_in_a_listing(open_page, look, learner, lesson):
    page = open_page(look, learner)
    page.goto(f"/lessons/{lesson.pk}/")
    later = listing(page, "go-on")
    later.get_by_role("button", name="Edit").click()
    expect(later.get_by_role("textbox")).to_be_focused()
    before = later.get_by_role("textbox").bounding_box()
    page.keyboard.insert_text("x")
    expect(later.get_by_role("button", name="Reset to starting code")).to_be_enabled()
    assert later.get_by_role("textbox").bounding_box() == before


def test_a_kept_version_is_discarded_without_opening_the_editor(open_page, learner, lesson):
    page = open_page(user=learner)
    later = edited(page, lesson, "print('mine')")
    page.reload()
    later.get_by_role("button", name="Reset to starting code").click()
    expect(later.locator("pre:visible")).not_to_contain_text("mine")
    expect(later.get_by_role("button", name="Run", exact=True)).to_be_focused()
    expect(later.get_by_role("button", name="Original")).to_be_hidden()
    page.reload()
    expect(later.get_by_role("button", name="Edit")).to_be_visible()
    expect(later.get_by_role("button", name="Original")).to_have_count(0)


def test_nobody_else_sees_a_kept_version_and_signing_out_removes_it(open_context, course, learner, lesson, site):
    context = open_context(user=learner)
    page = context.new_page()
    later = edited(page, lesson, "print('mine')")
    sign_in(context, make.enroll(course=course, user=make.make_user(username="ben")), site)
    page.reload()
    expect(later.get_by_role("button", name="Edit")).to_be_visible()
    expect(later).not_to_contain_text("mine")
    sign_in(context, learner, site)
    page.reload()
    expect(later).to_contain_text("print('mine')")
    assert len(kept_keys(page)) == 1
    page.goto("/settings/")
    page.get_by_role("button", name="Sign out on this device").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert kept_keys(page) == []


def test_a_run_right_after_a_reset_waits_for_the_end_of_the_session(open_page, learner, lesson, runner, live):
    live.worker()
    page = open_page(user=learner)
    page.goto(f"/lessons/{lesson.pk}/")
    later = listing(page, "go-on")
    later.get_by_role("button", name="Edit").click()
    expect(later.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("\n")
    endings, order = [], []
    page.route("**/session/?page=*", lambda route: endings.append(route))
    page.on("response", lambda response: order.append("ended") if response.request.method == "DELETE" else None)
    page.on("request", lambda request: order.append("ordered") if request.url.endswith("/runs/") else None)
    later.get_by_role("button", name="Reset to starting code").click()
    later.get_by_role("button", name="Run").click()
    expect(later).to_contain_text("Waiting")
    endings.pop().continue_()
    expect(later.locator(".output")).to_have_text("count 2")
    assert order == ["ended", "ordered"]


def test_code_with_a_hidden_test_is_completed_and_checked(open_page, learner, practice, runner, live):
    live.worker()
    page = open_page(user=learner)
    page.goto(f"/lessons/{practice.pk}/")
    task = listing(page, "double")
    task.get_by_role("button", name="Check").click()
    expect(task.locator(".said")).to_have_text("double(3) should be 6, but it is 3.")
    expect(page.locator("[data-announcer]")).to_contain_text("Not yet. double(3) should be 6, but it is 3.")
    expect(task.locator(".output")).to_be_hidden()
    task.get_by_role("button", name="Edit").click()
    expect(task.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.press("Backspace")
    page.keyboard.insert_text("def twice(x): return 2 * x")
    task.get_by_role("button", name="Check").click()
    expect(task.locator(".said")).to_contain_text("NameError: name 'double' is not defined. Keep the names")
    task.get_by_role("textbox").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Backspace")
    page.keyboard.insert_text("def double(x): return 2 * x")
    task.get_by_role("button", name="Check").click()
    expect(task).to_contain_text("Passed")
    expect(task.locator(".said")).to_be_empty()
    expect(listing(page, "guess").get_by_role("button", name="Check")).to_have_count(1)  # of its prediction


def test_predictions_are_checked_by_keyboard_without_an_account(open_page, look, practice):
    page = open_page(look)
    page.goto(f"/lessons/{practice.pk}/")
    chosen, half = listing(page, "guess"), listing(page, "half")
    expect(chosen.locator("summary")).to_be_hidden()
    chosen.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(chosen.get_by_role("status")).to_have_text("Not quite. Try again, or open the answer.")
    expect(chosen.locator("summary")).to_be_visible()
    chosen.get_by_role("radio", name="(2, 1)").check()
    chosen.get_by_role("button", name="Check").click()
    expect(chosen.get_by_role("status")).to_have_text("That’s right. Run the listing to see it.")
    field = half.get_by_role("textbox", name="Your prediction")
    for value, verdict in (("a half", "Not quite"), ("0.32", "Not quite"), (" 0,333 ", "right"), ("0.334", "right")):
        field.fill(value)
        field.press("Enter")
        expect(half.get_by_role("status")).to_contain_text(verdict)
    look_at(page, "lesson-practice", look)


def test_a_prediction_without_scripts_shows_its_answer_in_a_box(open_page, practice):
    page = open_page(java_script_enabled=False)
    page.goto(f"/lessons/{practice.pk}/")
    answer = listing(page, "half").locator("[data-prediction] details")
    expect(answer.get_by_text("0.333")).to_be_hidden()
    answer.get_by_text("Answer").click()
    expect(answer.get_by_text("0.333")).to_be_visible()


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
