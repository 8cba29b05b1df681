"""An author arranges a course in the browser: with the keyboard alone, by drag, and without scripts."""

import pytest
from playwright.sync_api import expect

from course.models import Course, Lesson, Module
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_course_folder import load
from tests.browser.shots import look_at
from tests.portal.workplace.people import instructor_of
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
PAGE = "/admin/courses/nasty/arrange/"
PLAIN = '[id="at-01-first/20-plain.md"]'


@pytest.fixture
def course():
    load(nasty_files())
    return Course.objects.get()


def focus_by_tab(page, target):
    """Press Tab until the focus is there."""
    for _press in range(200):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("the focus did not get there")


def test_the_keyboard_alone_moves_a_lesson_and_undoes_it(open_page, course, look):
    page = open_page(look, instructor_of(course))
    page.goto(PAGE)
    look_at(page, "work-arrange", look)
    up = page.locator(PLAIN).get_by_role("button", name="Move up")
    focus_by_tab(page, up)
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("status").get_by_text("position 1 of 4")).to_be_attached()
    publish = page.get_by_role("button", name="Publish the new order")
    expect(publish).to_be_visible()
    look_at(page, "work-arrange-moved", look)
    focus_by_tab(page, publish)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The new order is published.")).to_be_visible()
    keys = Lesson.objects.filter(module__key="first").values_list("key", flat=True)
    assert list(keys) == ["plain", "everything"]
    focus_by_tab(page, page.get_by_role("button", name="Undo: New order"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("The step was undone.")).to_be_visible()
    assert list(keys.all()) == ["everything", "plain"]


def test_a_module_is_dragged_below_the_next_one(open_page, course, look):
    page = open_page(look, instructor_of(course))
    page.goto(PAGE)
    grip = page.locator('[id="at-certificate"] > .tree-row [data-grip]')
    grip.scroll_into_view_if_needed()
    box, above = grip.bounding_box(), page.locator('[id="at-exam"]').bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 8, above["y"] + 4, steps=8)
    page.mouse.up()
    page.get_by_role("button", name="Publish the new order").click()
    expect(page.get_by_text("The new order is published.")).to_be_visible()
    assert [module.key for module in Module.objects.all()][-2:] == ["certificate", "exam"]


def test_a_part_is_renamed_and_its_removal_is_shown_first(open_page, course, look):
    page = open_page(look, instructor_of(course))
    page.goto(PAGE)
    page.get_by_role("link", name="Second", exact=False).first.click()
    page.get_by_label("Title").fill("Another title")
    page.get_by_role("button", name="Publish the title").click()
    expect(page.get_by_role("link", name="Another title")).to_be_visible()
    page.locator('[id="at-appendix"] > .tree-row').get_by_role("link").click()
    expect(page.get_by_role("heading", name="Remove")).to_be_visible()
    look_at(page, "work-arranged-part", look)
    page.get_by_role("button", name="See what would be removed").click()
    expect(page.get_by_text("This would be removed from the course:")).to_be_visible()
    look_at(page, "work-arranged-removal", look)
    page.get_by_role("button", name="Remove from the course").click()
    expect(page.get_by_text("You can undo this below.")).to_be_visible()
    expect(page.locator('[id="at-appendix"]')).to_have_count(0)


def test_questions_are_dragged_and_moved_by_keyboard_and_published_at_once(open_page, course, look):
    page = open_page(look, instructor_of(course))
    page.goto(f"{PAGE}questions/01-first/review.yaml")
    before = [field.get_attribute("value") for field in page.locator("[name=at]").all()]
    grip, second = page.locator(".tree li").nth(0).locator("[data-grip]"), page.locator(".tree li").nth(1)
    box, below = grip.bounding_box(), second.bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 8, below["y"] + below["height"] - 2, steps=8)
    page.mouse.up()
    expect(page.get_by_role("status").get_by_text("position 2 of")).to_be_attached()
    up = page.locator(".tree li").nth(2).get_by_role("button", name="Move up")
    focus_by_tab(page, up)
    page.keyboard.press("ArrowUp")
    page.get_by_role("button", name="Publish the new order").click()
    expect(page.get_by_text("The new order is published.")).to_be_visible()
    after = [field.get_attribute("value") for field in page.locator("[name=at]").all()]
    assert after[:3] == [before[1], before[2], before[0]]


def test_a_question_moves_down_and_before_it_goes_the_page_asks(open_page, course, look):
    page = open_page(look, instructor_of(course))
    page.goto(f"{PAGE}01-first/review.yaml")
    page.get_by_role("link", name="Order the questions").click()
    expect(page.get_by_role("heading", name="Order of questions")).to_be_visible()
    look_at(page, "work-question-order", look)
    line = page.locator('[id="at-is-true"]')
    line.get_by_role("button", name="Move down").click()
    page.get_by_role("button", name="Publish the new order").click()
    expect(page.get_by_text("The new order is published.")).to_be_visible()
    expect(page.locator(".tree li").nth(1)).to_contain_text("is-true")
    line.get_by_role("link").click()
    page.get_by_role("button", name="Remove the question").click()
    expect(page.get_by_text("Learners would no longer be asked 1 question.")).to_be_visible()
    look_at(page, "work-question-removal", look)
    page.get_by_role("button", name="Publish this change").click()
    expect(page.get_by_text("The question is removed.")).to_be_visible()
