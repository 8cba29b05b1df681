"""A column of one's own from beginning to end: made by form, points by hand and by file, read by its learner, taken back."""

import pytest
from playwright.sync_api import expect

from course.models import Course
from grading.models import Override, OwnColumn
from tests import factories as make
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import look_at
from tests.grading.columns import load_with_columns
from tests.portal.workplace.people import instructor_of
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
WORK = "/admin/courses/nasty"
CONFIRM = "Publish and change these grades"


@pytest.fixture
def course():
    load_with_columns("")
    return Course.objects.get(slug="nasty")


def publish(page):
    """Press what publishes, and what confirms that grades move, if they do."""
    page.get_by_role("button", name="Check and publish").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    confirming = page.get_by_role("button", name=CONFIRM)
    if confirming.count():
        confirming.click()
    expect(page.get_by_text("Published. If the course is also kept in a folder")).to_be_visible()


def points(learner):
    row = Override.objects.filter(learner=learner).order_by("-pk").first()
    return row and (row.points_earned, row.reason)


def save_plan(page, words):
    expect(page.get_by_role("heading", name="What this would change")).to_be_visible()
    page.get_by_role("button", name=words).click()
    expect(page.get_by_role("heading", name="What this would change")).to_have_count(0)


def test_a_column_is_made_graded_by_hand_and_by_file_read_and_taken_back(open_page, course):
    ada, bob = (make.enroll(course=course, user=make.make_user(username=name)) for name in ("ada", "bob"))
    page = open_page(DESKTOP, instructor_of(course))
    page.goto(f"{WORK}/gradebook/")
    page.get_by_role("link", name="Columns of your own").click()
    page.get_by_role("link", name="Add, rename or remove columns").click()
    page.get_by_role("button", name="Add a column").click()
    added = page.get_by_role("group", name="New column")
    added.get_by_label("Name").fill("Project")
    added.get_by_label("Most points").fill("20")
    expect(added.get_by_label("Category", exact=True)).to_have_value("review")
    look_at(page, "work-column-new", DESKTOP)
    publish(page)
    page.get_by_role("link", name="Project").click()

    page.get_by_label("Points of Ada").fill("15,5")
    page.get_by_label("Comment for Ada").fill("Clear and complete.")
    page.get_by_role("button", name="Preview changes").first.click()
    assert points(ada) is None
    save_plan(page, "Save the points of 1 learner")
    assert points(ada) == (15.5, "Clear and complete.")

    text = "username;points;comment\nada;15,5;Clear and complete.\nbob;12;Late, and good."
    page.locator("input[type=file]").set_input_files(
        {"name": "points.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Preview changes").last.click()
    save_plan(page, "Save the points of 1 learner")
    assert points(bob) == (12, "Late, and good.")

    mine = open_page(PHONE, ada)
    mine.goto("/courses/nasty/progress/")
    expect(mine.get_by_text("Project").first).to_be_visible()
    expect(mine.get_by_text("Clear and complete.").first).to_be_attached()
    expect(mine.get_by_text("Late, and good.")).to_have_count(0)
    look_at(mine, "progress-column", PHONE)

    page.get_by_label("Points of Ada").fill("")
    page.get_by_label("Comment for Ada").fill("")
    page.get_by_role("button", name="Preview changes").first.click()
    save_plan(page, "Save the points of 1 learner")
    assert points(ada) == (None, "")
    page.goto(f"{WORK}/policy/columns/")
    page.get_by_role("button", name="Undo the last publication").click()
    expect(page.get_by_text("Draft saved")).to_be_visible()
    publish(page)
    assert OwnColumn.objects.get().is_retired
    expect(page.get_by_text("This course has no columns yet.")).to_be_visible()


def test_the_gradebooks_own_file_is_edited_and_uploaded_again(open_page, course, look):
    load_with_columns()
    ada = make.enroll(course=course, user=make.make_user(username="ada"))
    page = open_page(look, instructor_of(course))
    page.goto(f"{WORK}/gradebook/overrides/")
    text = "username;name;Oral exam: points given\nada;Eve;7,5\n"
    file = {"name": "gradebook.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("Reason").fill("Well argued.")
    page.get_by_role("button", name="Preview changes").press("Enter")
    page.get_by_text("Show these cells").click()
    expect(page.get_by_text("(in the file: Eve)")).to_be_visible()
    look_at(page, "work-gradebook-file", look)
    page.get_by_role("button", name="Save 1 change").press("Enter")
    expect(page.get_by_text("1 change was saved.")).to_be_visible()
    assert points(ada) == (7.5, "Well argued.")
