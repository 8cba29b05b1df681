"""An instructor changes the weights by form, sees who moves, publishes, and undoes it, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from course.models import Course, TextDraft
from grading.selectors.grades import course_grade
from quizzes.models import Assessment
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_course_folder import learner_with, load
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import look_at
from tests.portal.workplace.people import instructor_of
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
PAGE = "/admin/courses/nasty/policy/"


@pytest.fixture
def course():
    load(nasty_files())
    return Course.objects.get()


def weight(page, category):
    return page.get_by_role("group", name=category).get_by_label("Weight in percent")


def percent(learner):
    return course_grade(learner.pk, Course.objects.get().pk).percent


def test_weights_are_changed_after_a_look_at_who_moves_and_changed_back(open_page, course):
    learner = learner_with({"is-true": True, "second-true": True})
    before, original = percent(learner), Course.objects.get().source
    page = open_page(DESKTOP, instructor_of(course))
    page.goto("/admin/courses/nasty/settings/")
    page.get_by_role("link", name="Grading policy").click()
    expect(page.get_by_text("The weights add up to 100 %.")).to_be_visible()
    weight(page, "Review questions").fill("33,3")
    expect(page.locator("[data-weights-sum]")).to_be_empty()
    weight(page, "Review questions").fill("90")
    expect(page.get_by_text("The weights add up to 156.7 %, not to 100 %.")).to_be_visible()
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    weight(page, "Final exam").fill("10")
    weight(page, "Final exam").press("Enter")
    expect(page.get_by_text("It would change the grade of 1 learner.")).to_be_visible()
    expect(page.get_by_text("Draft saved")).to_be_visible()
    look_at(page, "work-policy-moves", DESKTOP)
    assert percent(learner) == before
    page.get_by_role("button", name="Publish and change these grades").click()
    expect(page.get_by_text("Published. If the course is also kept in a folder")).to_be_visible()
    assert percent(learner) != before
    page.get_by_role("button", name="Undo the last publication").click()
    expect(page.get_by_text("It would change the grade of 1 learner.")).to_be_visible()
    page.get_by_role("button", name="Publish and change these grades").click()
    expect(page.get_by_text("Published. If the course is also kept in a folder")).to_be_visible()
    assert (percent(learner), Course.objects.get().source) == (before, original)


def test_a_wrong_number_is_marked_while_it_is_typed_and_kept_by_the_server(open_page, course, look):
    page = open_page(look, instructor_of(course))
    page.goto(PAGE)
    look_at(page, "work-policy", look)
    field = weight(page, "Review questions")
    field.fill("abc")
    expect(page.get_by_text("Enter a number from 0 to 100.")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    field.press("Enter")
    expect(page.get_by_text("“Weight in percent” needs a number from 0 to 100.")).to_be_visible()
    expect(weight(page, "Review questions")).to_have_value("abc")
    look_at(page, "work-policy-mistake", look)
    assert "weight: abc" in TextDraft.objects.get().text


def test_the_browser_asks_before_somebody_leaves_changed_settings(open_page, course):
    page, asked = open_page(PHONE, instructor_of(course)), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(PAGE)
    page.get_by_label("Pass mark of the course").fill("65")
    page.get_by_role("link", name="Versions").click()
    expect(page).to_have_url(re.compile("/policy/$"))
    page.get_by_label("Pass mark of the course").press("Enter")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.get_by_role("link", name="Versions").click()
    expect(page).to_have_url(re.compile("/versions/"))
    assert asked == ["beforeunload"]


def test_a_category_and_an_exam_are_set_up_by_keyboard(open_page, course):
    page = open_page(DESKTOP, instructor_of(course))
    page.goto(PAGE)
    page.get_by_role("button", name="Add a category").press("Enter")
    added = page.get_by_role("group", name="New category")
    expect(added).to_be_visible()
    added.get_by_label("Remove this").press("Space")
    page.get_by_role("button", name="Check and publish").press("Enter")
    expect(page.get_by_text("These settings are published already")).to_be_visible()
    page.get_by_role("navigation", name="Workplace").get_by_role("link", name="Exams", exact=True).press("Enter")
    page.get_by_role("row", name="Final exam").get_by_role("link", name="Settings and dates").press("Enter")
    limit = page.get_by_label("Time limit in minutes")
    limit.fill("45")
    look_at(page, "work-exam-settings", DESKTOP)
    page.get_by_role("button", name="Check and publish").press("Enter")
    expect(page.get_by_text("Published. If the course is also kept in a folder")).to_be_visible()
    assert Assessment.objects.get(kind="exam").time_limit.total_seconds() == 45 * 60
