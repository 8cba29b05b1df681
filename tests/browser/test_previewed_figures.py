"""An author's preview shows interactive figures as the lesson does: live, also after more is typed."""

from pathlib import Path
from shutil import copytree

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from course.models import Course
from tests.authoring.folder.test_interactive import CONVOLUTION, DATA, LESSON, TEXT
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import look_at
from tests.portal.workplace.people import instructor_of
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
NASTY = Path(__file__).parents[1] / "nasty-course"


@pytest.fixture
def course(db, tmp_path):
    folder = copytree(NASTY, tmp_path / "course")
    (folder / LESSON).write_text(TEXT)
    (folder / DATA).write_text(CONVOLUTION)
    call_command("course", "load", str(folder), yes=True, verbosity=0)
    return Course.objects.get()


@pytest.mark.parametrize("look", [DESKTOP, PHONE], ids=str)
def test_a_previewed_figure_is_live_and_stays_so_while_the_author_types(open_page, course, look):
    page = open_page(look, instructor_of(course))
    page.goto(f"/admin/courses/{course.slug}/texts/edit/{LESSON}")
    preview, box = page.locator("#preview"), page.locator("#text")
    preview.locator("[data-interactive]").scroll_into_view_if_needed()
    position = preview.get_by_role("slider", name="Position of the kernel")
    position.press("ArrowRight")
    expect(preview.get_by_role("status")).to_have_text("Row 1, column 2: 1 · 0.5 − 1 · 1 = −0.5.")
    position.press("Enter")
    box.press("Control+End")
    box.press_sequentially("\nA word more.")
    expect(preview.get_by_text("A word more.")).to_be_visible()
    preview.locator("[data-interactive]").scroll_into_view_if_needed()
    expect(preview.locator("figure > svg")).to_be_hidden()
    expect(preview.get_by_role("status")).to_have_text("Row 1, column 1: 1 · 0 − 1 · 0.5 = −0.5.")
    position.press("ArrowRight")
    expect(preview.get_by_role("status")).to_contain_text("Row 1, column 2:")
    expect(box).to_have_value(f"{TEXT}\nA word more.")
    assert preview.locator("figure").evaluate("figure => figure.scrollWidth - figure.clientWidth") == 0
    look_at(page, "work-text-figure", look)
