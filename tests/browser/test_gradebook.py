"""The gradebook as a spreadsheet, in a real browser: columns by mouse and by keyboard, and grades first on a phone."""

import re
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from grading.models import Override
from quizzes.services import start_sitting
from tests import factories as make
from tests.browser import course as demo
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import look_at, overflow

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(course):
    for number in range(60):
        person = make.make_user(username=f"learner-{number:02}")
        make.enroll(course=course, user=person)
        person.enrollments.update(name=f"Learner Number {number:02} of the Long Names")
    return f"/admin/courses/{course.slug}/gradebook/"


@pytest.fixture
def teacher(course):
    return make.enroll(course=course, user=make.make_user(username="ines", is_staff=True), role="instructor")


def head(page, name):
    return page.get_by_role("columnheader", name=name)


def test_a_row_is_40_pixels_high_and_the_grade_follows_the_name(open_page, address, teacher, look):
    page = open_page(look, teacher)
    page.goto(f"{address}?size=100")
    grid = page.get_by_role("grid")
    expect(grid.get_by_role("row")).to_have_count(61)
    heights = grid.locator("tbody tr").evaluate_all("rows => rows.map((row) => row.getBoundingClientRect().height)")
    assert set(heights) == {40}
    first = grid.locator("tbody tr").first
    for cell in (first.get_by_role("rowheader"), first.get_by_role("gridcell").first):
        box = cell.bounding_box()
        assert box["y"] + box["height"] <= look.height, "the first screen shows grades"
        assert box["x"] + box["width"] <= look.width
    assert overflow(page) == 0
    look_at(page, "work-gradebook-sixty", look)


def test_columns_are_hidden_by_keyboard_and_stay_hidden_until_they_are_reset(open_page, address, teacher, look):
    page = open_page(look, teacher)
    page.goto(address)
    menu = page.locator("summary", has_text="Columns")
    menu.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("checkbox", name="Email")
    expect(box).to_be_checked()
    box.focus()
    page.keyboard.press("Space")
    expect(head(page, "Email")).to_have_count(0)
    expect(menu).to_contain_text("(1 hidden)")
    look_at(page, "work-gradebook-columns", look)
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    expect(menu).to_be_focused()
    page.get_by_role("grid").get_by_role("rowheader").first.get_by_role("link").focus()
    page.keyboard.press("End")
    expect(page.locator("td:focus, td:has(:focus)")).to_be_visible()
    page.reload()
    expect(menu).to_contain_text("(1 hidden)")
    expect(head(page, "Email")).to_have_count(0)
    menu.click()
    page.get_by_role("button", name="Reset columns").click()
    expect(head(page, "Email")).to_have_count(1)
    expect(menu).not_to_contain_text("hidden")


def width(page, name):
    return head(page, name).evaluate("(one) => one.offsetWidth")


def test_a_column_is_resized_by_mouse_and_by_keyboard(open_page, address, teacher):
    page = open_page(DESKTOP, teacher)
    page.goto(address)
    expect(page.locator("[data-resize]").first).to_be_attached()
    before = width(page, "So far")
    box = head(page, "So far").locator("[data-resize]").bounding_box()
    page.mouse.move(box["x"] + 6, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 46, box["y"] + 8, steps=4)
    page.mouse.up()
    expect(head(page, "So far")).to_have_js_property("offsetWidth", before + 40)
    head(page, "Overall").get_by_role("link").focus()
    wide = width(page, "Overall")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    assert width(page, "Overall") == wide + 48
    page.keyboard.press("Shift+ArrowLeft")
    assert width(page, "Overall") == wide + 32
    page.reload()
    expect(page.locator("[data-resize]").first).to_be_attached()
    assert (width(page, "So far"), width(page, "Overall")) == (before + 40, wide + 32)


def test_the_grade_stays_in_view_beside_the_name_where_there_is_room(open_page, address, teacher):
    page = open_page(DESKTOP, teacher)
    page.goto(address)
    page.locator("summary", has_text="Columns").click()
    page.get_by_label("Keep in view").select_option("overall")
    page.keyboard.press("Escape")
    overall, region = head(page, "Overall"), page.get_by_role("region", name="Grades")
    expect(overall).to_have_attribute("data-frozen", "")
    page.set_viewport_size({"width": 900, "height": 800})
    region.evaluate("(one) => one.scrollTo(100, 0)")
    expect(region).to_have_js_property("scrollLeft", 100)
    name = head(page, "Learner").bounding_box()
    assert name["x"] == pytest.approx(region.bounding_box()["x"], abs=1)
    assert overall.bounding_box()["x"] == pytest.approx(name["x"] + name["width"], abs=1)
    page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    page.get_by_role("grid").get_by_role("rowheader").first.get_by_role("link").focus()
    page.keyboard.press("End")
    box, edge = page.evaluate(
        "[document.activeElement.getBoundingClientRect().left,"
        " document.querySelector('.gradebook tbody th').getBoundingClientRect().right]"
    )
    assert box >= edge, "the columns in view cover the cell that has the focus"


def test_on_a_phone_search_and_files_are_a_tap_away(open_page, address, teacher):
    page = open_page(PHONE, teacher)
    page.goto(address)
    expect(page.get_by_label("Name, username or email")).to_be_hidden()
    page.get_by_text("Search and filter").click()
    page.get_by_label("Name, username or email").fill("learner-07")
    page.get_by_role("search", name="Search the gradebook").get_by_role("button", name="Show").click()
    expect(page.get_by_role("grid").get_by_role("row")).to_have_count(2)
    expect(page.get_by_label("Name, username or email")).to_be_visible()
    page.get_by_text("Files, attempts and dates").click()
    expect(page.get_by_role("link", name="Download grades (CSV)")).to_be_visible()


def test_an_override_is_given_in_its_cell_and_saved_only_once_it_is_confirmed(open_page, address, teacher, look):
    page = open_page(look, teacher)
    page.goto(f"{address}?words=learner-07")
    grid, dialog = page.get_by_role("grid"), page.get_by_role("dialog")
    row = grid.locator("tbody tr")
    cell = row.locator("td a").first
    cell.focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("heading", level=2)).to_contain_text("Learner Number 07 of the Long Names: ")
    points, why = dialog.get_by_label("Points"), dialog.get_by_label("Reason")
    points.fill("999")
    why.fill("an oral exam")
    dialog.get_by_role("button", name="Preview").click()
    expect(dialog).to_contain_text("Points must be between")
    points.fill("1")
    dialog.get_by_role("button", name="Preview").click()
    expect(dialog.get_by_role("status")).to_contain_text("Nothing is saved yet.")
    expect(dialog.get_by_role("status")).to_be_focused()
    assert Override.objects.count() == 0
    look_at(page, "work-gradebook-override", look)
    points.fill("0.5")
    expect(dialog.get_by_role("button", name="Give these points")).to_have_count(0)
    dialog.get_by_role("button", name="Preview").click()
    dialog.get_by_role("button", name="Give these points").click()
    expect(dialog).to_be_hidden()
    expect(cell).to_contain_text("(given by an instructor)")
    expect(cell).to_be_focused()
    expect(page.locator("[data-editor-status]")).to_have_text("Saved with your reason. The grade is updated.")
    assert [(override.points_earned, override.reason) for override in Override.objects.all()] == [
        (Decimal("0.5"), "an oral exam")
    ]


def test_closing_the_form_of_a_cell_saves_nothing_and_returns_to_it(open_page, address, teacher):
    page = open_page(DESKTOP, teacher)
    page.goto(address)
    cell = page.get_by_role("grid").locator("tbody td a").first
    cell.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Points").fill("1")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(cell).to_be_focused()
    assert Override.objects.count() == 0


def test_an_observer_opens_the_page_of_a_cell_with_enter(open_page, course, address):
    observer = make.enroll(course=course, user=make.make_user(username="olga", is_staff=True), role="observer")
    page = open_page(DESKTOP, observer)
    page.goto(address)
    cell = page.get_by_role("grid").locator("tbody td a").first
    expect(page.get_by_role("dialog")).to_have_count(0)
    at = cell.get_attribute("href")
    cell.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{at}")


def test_on_a_phone_running_exams_show_the_time_left_and_lead_to_the_minutes(open_page, course, learner, teacher):
    start_sitting(learner=learner, assessment=demo.exam_of(course), now=timezone.now())
    page = open_page(PHONE, teacher)
    page.goto(f"/admin/courses/{course.slug}/running/")
    left = page.get_by_role("table").locator("tbody tr").first.get_by_role("cell").nth(1)
    expect(left).to_have_text(re.compile(r"\d:\d\d"))
    box = left.bounding_box()
    assert box["x"] + box["width"] <= PHONE.width
    assert box["y"] + box["height"] <= PHONE.height
    page.get_by_role("link", name="Minutes and pauses").click()
    expect(page.get_by_label("Minutes to add")).to_be_in_viewport()
    look_at(page, "work-running-phone", PHONE)
