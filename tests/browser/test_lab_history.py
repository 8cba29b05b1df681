"""The history of a lab: what was run, restoring it without losing newer code, and the model solution as a diff."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from labs.models import LabDraft, Run
from labs.rules.cells import read_cells
from labs.rules.solutions import solution_terms
from labs.services import save_lab_draft
from tests.browser import labs
from tests.browser.looks import DESKTOP, LOOKS, PHONE
from tests.browser.shots import look_at
from tests.browser.visitors import view_as_learner
from tests.portal.workplace.people import instructor_of
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]


@pytest.fixture
def lab(course):
    return labs.make_demo_lab(course)


def ran(lab, learner, code, minute):
    said = [labs.ours("stream", {"name": "stdout"}, f"printed in minute {minute}\n")]
    at = timezone.now() - timedelta(hours=1) + timedelta(minutes=minute)
    cells = [{"id": "2", "source": code}]
    return labs.past(lab, learner, "2", "succeeded", said, cells=cells, created_at=at, finished_at=at)


def now_saved(lab, learner, code, revision=0):
    cells = [{"id": "2", "source": code}, *({"id": each, "source": labs.starter(lab, each)} for each in ("4", "6"))]
    save_lab_draft(learner=learner, lab=lab, cells=cells, revision=revision, now=timezone.now())


def opened(page, lab):
    page.goto(f"/labs/{lab.pk}/")
    expect(page.get_by_role("button", name="Run all")).to_be_visible()
    page.get_by_role("heading", name="History", exact=True).click()
    return page


def source(page):
    return page.locator("[data-cell='2'] .cm-content")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_run_is_restored_and_the_newer_code_stays_in_the_history(open_page, course, learner, lab, look):
    ran(lab, learner, "a = 1\nb = 2", 0)
    ran(lab, learner, "a = 1\nb = 3", 1)
    now_saved(lab, learner, "newer = True")
    page = opened(open_page(look, learner), lab)
    runs = page.locator("[data-history] li")
    expect(runs).to_have_count(2)
    runs.first.get_by_role("button", name="Cell 1").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".diff .removed")).to_contain_text("b = 2")
    expect(dialog.locator(".diff .added")).to_contain_text("b = 3")
    expect(dialog.get_by_role("group", name="Output of cell 1")).to_contain_text("printed in minute 1")
    look_at(page, "lab-history", look)
    dialog.get_by_role("button", name="Restore this code").press("Enter")
    expect(dialog.get_by_text("Restored. Your code from before is in the history.")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(source(page)).to_contain_text("b = 3")
    expect(runs).to_have_count(3)
    runs.first.get_by_role("button", name="Earlier version").click()
    expect(dialog.locator(".diff .added")).to_contain_text("newer = True")
    dialog.get_by_role("button", name="Restore this code").click()
    expect(dialog.get_by_text("Restored. Your code from before is in the history.")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(source(page)).to_contain_text("newer = True")
    assert LabDraft.objects.get().cells[0]["source"] == "newer = True"
    assert Run.objects.count() == 2


def test_code_that_was_saved_in_another_tab_is_not_overwritten(open_page, course, learner, lab):
    ran(lab, learner, "old = 1", 0)
    now_saved(lab, learner, "mine = 1")
    page = opened(open_page(DESKTOP, learner), lab)
    now_saved(lab, learner, "from another tab", revision=1)
    page.locator("[data-history] button").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Restore this code").click()
    expect(page.get_by_text("You saved another version of this lab in another tab")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(source(page)).to_contain_text("mine = 1")
    assert LabDraft.objects.get().cells[0]["source"] == "from another tab"


def test_typed_code_that_is_not_saved_yet_is_kept_too(open_page, course, learner, lab):
    ran(lab, learner, "old = 1", 0)
    page = opened(open_page(DESKTOP, learner), lab)
    source(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("typed = 1")
    page.locator("[data-history] button").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Restore this code").click()
    expect(page.get_by_text("Restored. Your code from before is in the history.")).to_be_visible()
    draft = LabDraft.objects.get()
    assert (draft.cells[0]["source"], draft.versions[0]["cells"][0]["source"]) == ("old = 1", "typed = 1")


def test_code_of_cells_that_the_author_renumbered_is_shown_as_an_earlier_version(open_page, course, learner, lab):
    now_saved(lab, learner, "mine = 1")
    lab.cells = read_cells(f"# %% [markdown]\n# New.\n\n{labs.SCRIPT}")
    lab.save()
    page = open_page(DESKTOP, learner)
    page.goto(f"/labs/{lab.pk}/")
    page.locator("[data-cell='3'] .cm-content").click()
    page.keyboard.insert_text("typed = 1")
    expect(page.locator("[data-status]")).to_contain_text("Saved ")
    page.get_by_role("heading", name="History", exact=True).click()
    page.locator("[data-history] li").get_by_role("button", name="Earlier version").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("mine = 1")).to_be_visible()
    expect(dialog.get_by_text("This cell is from an earlier edition of the lab")).to_have_count(3)
    expect(dialog.get_by_role("button", name="Restore this code")).to_have_count(0)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_model_solution_is_compared_as_a_diff(open_page, course, learner, lab, look):
    labs.past(lab, learner, "2", "succeeded", [], mode="test", tests=labs.TESTS[:1], has_passed=True)
    page = opened(open_page(look, learner), lab)
    if look == PHONE:
        page.get_by_role("heading", name="Tests").click()
    page.get_by_role("button", name="Model solution").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".diff .removed")).to_contain_text("return x  # yours to write")
    expect(dialog.locator(".diff .added")).to_contain_text("return a * x + b")
    expect(dialog.get_by_text("Your code is the same as the model solution.")).to_have_count(2)
    look_at(page, "lab-solution", look)
    dialog.get_by_role("button", name="Use this in cell 2").click()
    dialog.get_by_role("button", name="Close").click()
    expect(page.locator("[data-cell='4'] .cm-content")).to_contain_text("return a * x + b")


def test_a_solution_that_a_lab_that_counts_shows_early_can_be_read_and_not_used(open_page, learner, lab):
    lab.solution_opens = solution_terms(is_counted=True, opens="after_passing").stored()
    lab.save()
    labs.past(lab, learner, "2", "succeeded", [], mode="test", tests=labs.TESTS[:1], has_passed=True)
    page = opened(open_page(DESKTOP, learner), lab)
    page.get_by_role("button", name="Model solution").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".diff .added")).to_contain_text("return a * x + b")
    expect(dialog).to_contain_text("while it is open for you, the solution cannot be put into your cells")
    expect(dialog.get_by_role("button", name="Use this")).to_have_count(0)


def test_a_pass_does_not_open_the_solution_of_a_lab_that_counts(open_page, learner, lab):
    lab.solution_opens = solution_terms(is_counted=True).stored()
    lab.save()
    labs.past(lab, learner, "2", "succeeded", [], mode="test", tests=labs.TESTS[:1], has_passed=True)
    page = opened(open_page(DESKTOP, learner), lab)
    expect(page.get_by_text("You can open the model solution once this lab has closed.")).to_be_visible()
    expect(page.get_by_role("button", name="Model solution")).to_be_disabled()


def test_an_instructor_who_views_the_lab_restores_nothing(open_page, course, learner, lab):
    ran(lab, learner, "old = 1", 0)
    page = open_page(DESKTOP, instructor_of(course))
    page.goto(f"/admin/courses/{course.slug}/learners/{learner.pk}/")
    view_as_learner(page)
    page.goto(f"/labs/{lab.pk}/")
    page.get_by_role("heading", name="History", exact=True).click()
    page.locator("[data-history] button").first.click()
    expect(page.get_by_role("dialog").get_by_role("group", name="Output of cell 1")).to_contain_text("minute 0")
    expect(page.get_by_role("button", name="Restore this code")).to_have_count(0)
