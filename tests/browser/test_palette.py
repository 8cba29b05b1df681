"""The command palette by keyboard, by touch and by ear: it finds pages, terms, notes, recent pages and actions."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from course.models import Lesson
from lessons.services import save_study_note
from quizzes.services import start_sitting
from tests import factories as make
from tests.browser import course as demo
from tests.browser.looks import LOOKS, PHONE
from tests.browser.shots import look_at
from tests.browser.visitors import sign_in, view_as_learner
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lesson(course) -> Lesson:
    return Lesson.objects.get(title="Linear regression")


def field_of(page: Page):
    return page.get_by_role("dialog", name="Go to").get_by_role("combobox")


def options_of(page: Page):
    return page.get_by_role("listbox", name="Results").get_by_role("option")


def open_palette(page: Page, key: str = "Control+k"):
    page.keyboard.press(key)
    field = field_of(page)
    expect(field).to_be_focused()
    return field


def selected(page: Page):
    return page.locator(f"[id='{field_of(page).get_attribute('aria-activedescendant')}']")


def test_a_few_letters_and_enter_lead_to_a_section(open_page, learner, lesson):
    page = open_page(user=learner)
    page.goto("/about/")
    open_palette(page, "/").press_sequentially("wrong line")
    expect(options_of(page).first).to_contain_text("How wrong a line is")
    expect(selected(page)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("2 results")  # in both lessons
    page.keyboard.press("ArrowDown")
    expect(selected(page)).to_contain_text("Linear regression")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/lessons/{lesson.pk}/#c-how-wrong-a-line-is")


def test_escape_closes_the_palette_and_returns_the_focus(open_page, learner, lesson):
    page = open_page(user=learner)
    page.goto(f"/lessons/{lesson.pk}/")
    link = page.get_by_role("link", name="Home").or_(page.get_by_role("link", name="Course", exact=True)).first
    link.focus()
    open_palette(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(link).to_be_focused()


@pytest.mark.parametrize(
    ("typed", "title"), [("grade", "Progress"), ("password", "Settings"), ("log out", "Sign out"), ("home", "Home")]
)
def test_an_action_is_found_by_the_word_that_a_newcomer_types(open_page, learner, typed, title):
    page = open_page(user=learner)
    page.goto("/")
    open_palette(page).fill(typed)
    expect(options_of(page).first).to_have_text(f"{title} Action")


def test_the_pages_of_a_module_are_found_by_its_number(open_page, learner, course):
    course.modules.filter(title="Introduction to TensorFlow").update(folder="02-introduction")
    page = open_page(user=learner)
    page.goto("/about/")
    open_palette(page).fill("module 2 review")
    expect(options_of(page).first).to_contain_text("Module 2: Introduction to TensorFlow")
    page.keyboard.press("Enter")
    page.wait_for_url("**/assessments/*/")


def test_the_arrows_go_round(open_page, learner):
    page = open_page(user=learner)
    page.goto("/about/")
    open_palette(page).fill("line")
    page.keyboard.press("ArrowUp")
    expect(selected(page)).to_contain_text("Search the lessons for “line”")
    page.keyboard.press("ArrowDown")
    expect(selected(page)).to_have_attribute("id", "palette-0")


def test_a_slash_in_a_field_is_only_a_slash(open_page, learner):
    page = open_page(user=learner)
    page.goto("/settings/")
    page.get_by_label("Full name").press("/")
    assert page.locator("dialog").count() == 0


def test_nothing_of_it_is_loaded_before_it_opens(open_page, learner, lesson):
    page = open_page(user=learner)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/lessons/{lesson.pk}/", wait_until="networkidle")
    assert [url for url in asked if "palette" in url] == []
    open_palette(page)
    assert len([url for url in asked if "/search/palette/" in url]) == 1
    page.keyboard.press("Escape")
    open_palette(page)
    assert len([url for url in asked if "/search/palette/" in url]) == 1


def test_ones_own_notes_are_found(open_page, learner, lesson):
    save_study_note(
        user=learner, lesson=lesson, key="a" * 16, text="Ask about outliers", revision=0, now=timezone.now(),
        section="", quote="", before="", after="",
    )  # fmt: skip
    page = open_page(user=learner)
    page.goto("/")
    open_palette(page).fill("outliers")
    expect(options_of(page).first).to_contain_text("Ask about outliers Your note")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/lessons/{lesson.pk}/")


def test_recent_pages_come_first_and_are_gone_after_signing_out(open_context, learner, lesson, course, site):
    context = open_context(user=learner)
    page = context.new_page()
    page.goto(f"/lessons/{lesson.pk}/")
    page.goto(f"/assessments/{demo.review_of(course).pk}/")
    open_palette(page)
    expect(options_of(page).first).to_contain_text("Linear regression Recent · Lesson")
    field_of(page).fill("sign out")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('finalcheck-recent'))") == []
    sign_in(context, make.enroll(course=course, user=make.make_user(username="ben")), site)
    page.goto(f"/courses/{course.slug}/")
    open_palette(page)
    expect(options_of(page).filter(has_text="Recent")).to_have_count(0)


def test_an_action_changes_the_theme(open_page, learner):
    page = open_page(user=learner)
    page.goto("/about/")
    open_palette(page).fill("dark")
    expect(options_of(page).first).to_contain_text("Dark mode Action")
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_without_a_match_it_says_so_and_offers_the_search(open_page, learner):
    page = open_page(user=learner)
    page.goto("/about/")
    open_palette(page).fill("xylophone")
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("Nothing matches. Try fewer letters.")
    expect(options_of(page)).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=xylophone")


def test_the_magnifier_opens_it_by_touch(open_page, learner, course):
    page = open_page(PHONE, user=learner, has_touch=True)
    page.goto(f"/courses/{course.slug}/")
    magnifier = page.get_by_role("link", name="Search")
    expect(magnifier).to_have_attribute("aria-haspopup", "dialog")
    magnifier.tap()
    field_of(page).fill("slope")
    options_of(page).first.tap()
    page.wait_for_url("**/lessons/*/#c-a-slope-and-an-intercept")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_it_fits_every_window_and_passes_axe(open_page, learner, course, look):
    page = open_page(look, user=learner)
    page.goto(f"/courses/{course.slug}/")
    open_palette(page).fill("line")
    expect(options_of(page).first).to_be_visible()
    look_at(page, "palette", look)


def test_without_a_connection_it_says_so(open_context, learner, lesson):
    context = open_context(user=learner)
    page = context.new_page()
    page.goto(f"/lessons/{lesson.pk}/")
    page.evaluate("navigator.serviceWorker.ready")
    context.set_offline(True)
    page.keyboard.press("Control+k")
    expect(page.get_by_text("You are offline")).to_be_visible()
    assert page.url.endswith(f"/lessons/{lesson.pk}/")
    page.keyboard.press("Escape")
    context.set_offline(False)
    open_palette(page)
    context.set_offline(True)
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("You are offline.")


def test_an_exam_has_no_palette(open_page, learner, course):
    sitting, _is_new = start_sitting(learner=learner, assessment=demo.exam_of(course), now=timezone.now())
    page = open_page(user=learner)
    for address in (f"/assessments/{sitting.assessment_id}/1/", f"/assessments/{sitting.assessment_id}/hand-in/"):
        page.goto(address)
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.locator("h1").first.click(force=True)
        page.keyboard.press("Control+k")
        page.wait_for_timeout(300)
        assert (page.locator("dialog[data-palette]").count(), [url for url in asked if "palette" in url]) == (0, [])
        assert page.get_by_role("link", name="Search").get_attribute("aria-haspopup") is None
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('finalcheck-recent'))") == []


def test_staff_who_view_a_learner_get_no_recent_pages_of_theirs(open_page, course, learner, lesson):
    page = open_page(user=instructor_of(course))
    page.goto(f"/admin/courses/{course.slug}/learners/{learner.pk}/signals/")
    view_as_learner(page)
    page.goto(f"/assessments/{demo.review_of(course).pk}/")
    expect(page.get_by_role("region", name="Viewing as a learner")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('finalcheck-recent'))") == []
