"""A course from an uploaded folder in the browser: the chosen file stays between the preview and the course."""

import re

import pytest
from playwright.sync_api import expect

from course.models import Course
from tests import factories as make
from tests.authoring.folder.nasty import nasty_files
from tests.authoring.test_archives import packed_files
from tests.browser.shots import look_at
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
PAGE = "/admin/new-course/folder/"
HEAD = "course.yaml"


def zip_of(files):
    return {"name": "course.zip", "mimeType": "application/zip", "buffer": packed_files(files, "nasty/")}


def test_a_folder_with_a_mistake_is_corrected_previewed_and_becomes_a_course(open_page, look):
    page = open_page(look, make.make_user(is_course_creator=True))
    page.goto(PAGE)
    chosen, preview = page.locator("input[type=file]"), page.get_by_role("button", name="Preview")
    broken = {**nasty_files(), HEAD: nasty_files()[HEAD].replace(b"pass_percent: ", b"pass_percnt: ", 1)}
    chosen.set_input_files(zip_of(broken))
    preview.click()
    expect(page.get_by_text("“pass_percent” is missing.")).to_be_visible()
    expect(page.locator("[data-preview]")).to_be_focused()
    look_at(page, "work-uploaded-mistakes", look)
    chosen.set_input_files(zip_of(nasty_files()))
    preview.click()
    create = page.get_by_role("button", name="Create this course")
    expect(create).to_be_visible()
    look_at(page, "work-uploaded-preview", look)
    assert not Course.objects.filter(slug="nasty").exists()
    create.click()
    expect(page).to_have_url(re.compile("/admin/courses/nasty/$"))
    assert Course.objects.get(slug="nasty").visibility == "hidden"


def test_a_file_that_is_too_large_is_not_sent_and_stays_chosen(open_page, look):
    page = open_page(look, make.make_user(is_course_creator=True))
    page.goto(PAGE)
    page.locator("input[type=file]").set_input_files(
        {"name": "large.zip", "mimeType": "application/zip", "buffer": b"x" * 6_000_000}
    )
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("This file is larger than")).to_be_visible()
