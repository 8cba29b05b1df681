"""An author edits a lab in the browser, is led to a mistake, tries the draft, reads the results, and uploads a file."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from course.models import Course
from labs.models import Tryout
from tests.browser.looks import DESKTOP, LOOKS, PHONE
from tests.browser.shots import look_at, look_at_refreshing
from tests.portal.workplace.people import staff_in
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
NASTY = Path(__file__).parents[1] / "nasty-course"
LAB = "01-first/labs/tiny"
RESULTS = [
    {"name": "2 near misses", "problems": ["The answer: “The same.” was not recognized with 20 of 20 seeds."]},
    {"name": "the starter fails every test", "problems": []},
    {"name": "the model solution passes", "problems": []},
]


@pytest.fixture
def author(db):
    call_command("course", "load", str(NASTY), yes=True, verbosity=0)
    return staff_in(Course.objects.get(), "author")


def test_an_author_edits_a_lab_and_tries_the_draft(open_page, author):
    page = open_page(DESKTOP, author)
    page.goto(f"/admin/courses/nasty/texts/edit/{LAB}/lab.py")
    box = page.locator("#text")
    box.fill("# %%\nanswer = None\nanswer =\n")
    box.press("End")  # a typed key, so that the draft is saved
    box.press_sequentially("\n")
    page.get_by_role("link", name="Line 3:").click()
    assert box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)") == "answer ="
    look_at(page, "work-lab-mistake", DESKTOP)
    page.get_by_role("button", name="Save draft and try the lab").click()
    expect(page.get_by_text("Nothing was tried.")).to_be_visible()
    look_at(page, "work-tryout-refused", DESKTOP)
    page.get_by_role("link", name=f"{LAB}/lab.py:3").click()
    expect(page.get_by_text("This is your draft")).to_be_visible()
    page.locator("#text").fill("# %%\nanswer = None\n")
    page.get_by_role("button", name="Save draft and try the lab").click()
    expect(page.get_by_text("The near misses are being tried.")).to_be_visible()
    Tryout.objects.update(results=RESULTS, total=9, asked=["answer"])
    expect(page.get_by_text("3 of 9 trials are done.")).to_be_visible()  # the page refreshes by itself
    look_at_refreshing(page, "work-tryout-running", DESKTOP)
    Tryout.objects.update(finished_at=timezone.now(), total=3)
    page.reload()
    expect(page.get_by_text("1 trial did not end as it should.")).to_be_visible()
    look_at(page, "work-tryout", DESKTOP)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_an_author_uploads_a_file(open_page, author, look):
    page = open_page(look, author)
    page.goto("/admin/courses/nasty/texts/")
    page.get_by_role("link", name="Figures, data and programs").click()
    page.locator("input[type=file]").set_input_files({"name": "more.csv", "mimeType": "text/csv", "buffer": b"a,b\n"})
    page.get_by_label("Folder (optional)", exact=True).select_option("data")
    look_at(page, "work-files", look)
    page.get_by_role("button", name="Check and publish").click()
    expect(page.get_by_text("The files are published.")).to_be_visible()
    page.get_by_role("link", name="data/more.csv").click()
    expect(page.locator("#text")).to_have_value("a,b\n")


def test_the_editor_of_a_lab_and_its_trials_fit_a_phone(open_page, author):
    Tryout.objects.create(
        author=author, course=Course.objects.get(), folder=LAB, files={}, runtime="tf2", results=RESULTS, total=3,
        asked=[], created_at=timezone.now(), lease_until=timezone.now(), finished_at=timezone.now(),
    )  # fmt: skip
    page = open_page(PHONE, author)
    page.goto(f"/admin/courses/nasty/texts/edit/{LAB}/probes.py")
    look_at(page, "work-lab-editor", PHONE)
    page.get_by_role("link", name="Trials").click()
    expect(page.get_by_text("1 trial did not end as it should.")).to_be_visible()
    look_at(page, "work-tryout", PHONE)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_an_instructor_reads_which_tests_a_lab_would_lose_before_they_go(open_page, author, look):
    page = open_page(look, staff_in(Course.objects.get(), "instructor"))
    page.goto(f"/admin/courses/nasty/texts/edit/{LAB}/probes.py")
    page.locator("#text").fill("PROBES = []\n")
    page.get_by_role("button", name="Check and publish").click()
    expect(page.get_by_text("Tiny: 1 test before, 0 now; 1 point before, 0 now")).to_be_visible()
    look_at(page, "work-lowered", look)
    page.get_by_role("link", name="Trials").click()
    page.get_by_role("button", name="Check and publish the drafts").click()
    expect(page.get_by_text("Tiny: 1 test before, 0 now; 1 point before, 0 now")).to_be_visible()
    look_at(page, "work-lowered-drafts", look)
    page.get_by_role("button", name="Publish with fewer tests or points").click()
    expect(page.get_by_text("Published.")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_an_author_who_uploads_fewer_tests_reads_who_may_publish_them(open_page, author, look):
    page = open_page(look, author)
    page.goto("/admin/courses/nasty/texts/files/")
    upload = {"name": "probes.py", "mimeType": "text/x-python", "buffer": b"PROBES = []\n"}
    page.locator("input[type=file]").set_input_files(upload)
    page.get_by_label("Folder (optional)", exact=True).select_option(LAB)
    page.get_by_role("button", name="Check and publish").click()
    expect(page.get_by_text("Ask an instructor of the course to publish it")).to_be_visible()
    look_at(page, "work-files-refused", look)
    page.goto(f"/admin/courses/nasty/texts/edit/{LAB}/probes.py")
    expect(page.locator("#text")).to_have_value("PROBES = []\n")
