"""What an author types survives leaving the page, losing the connection and a second window, in a real browser."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from course.models import Course, Lesson, TextDraft
from quizzes import services
from quizzes.models import Question
from tests import factories as make
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.shots import look_at
from tests.portal.workplace.people import instructor_of
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
NASTY = Path(__file__).parents[1] / "nasty-course"


@pytest.fixture
def address(db):
    call_command("course", "load", str(NASTY), yes=True, verbosity=0)
    course = Course.objects.get()
    path = Lesson.objects.exclude(path="").first().path
    return f"/admin/courses/{course.slug}/texts/edit/{path}"


@pytest.fixture
def author(address):
    return instructor_of(Course.objects.get())


def typed(page, text):
    box = page.locator("#text")
    box.press("Control+End")
    box.press_sequentially(text)


def test_typed_text_survives_leaving_the_page_and_can_be_discarded(open_page, address, author):
    page = open_page(DESKTOP, author)
    page.goto(address)
    published = page.locator("#text").input_value()
    typed(page, "\nNot lost.")
    page.get_by_role("link", name="Texts").last.click()
    expect(page.get_by_role("region", name="Texts of the course")).to_be_visible()
    page.goto(address)  # before or after the pending save has arrived
    expect(page.locator("#text")).to_have_value(published + "\nNot lost.")
    expect(page.get_by_text("This is your draft").or_(page.get_by_text("Draft saved")).first).to_be_visible()
    page.get_by_role("link", name="Texts").last.click()
    look_at(page, "work-text-drafts", DESKTOP)
    page.get_by_role("region", name="Your drafts").get_by_role("link").click()
    expect(page.locator("#text")).to_have_value(published + "\nNot lost.")
    expect(page.get_by_text("This is your draft")).to_be_visible()
    look_at(page, "work-text-draft", DESKTOP)
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.get_by_text("Draft discarded.")).to_be_visible()
    page.goto(address)
    expect(page.locator("#text")).to_have_value(published)


def test_text_typed_offline_is_kept_and_sent_when_the_connection_returns(open_context, address, author):
    context = open_context(PHONE, author)
    page = context.new_page()
    page.goto(address)
    context.set_offline(True)
    typed(page, "\nTyped offline.")
    expect(page.get_by_text("Offline: this browser keeps the draft")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("Draft saved")).to_be_visible()
    assert TextDraft.objects.get().text.endswith("\nTyped offline.")


def left(page, answers):
    """Follow the link to the list of texts, and return whether the browser asked first. `answers` says what is answered."""
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), getattr(dialog, answers)()))
    page.get_by_role("link", name="Texts").last.click()
    return asked == ["beforeunload"]


def test_the_browser_asks_before_somebody_leaves_an_unsaved_text(open_context, address, author):
    context = open_context(DESKTOP, author)
    page = context.new_page()
    page.goto(address)
    context.set_offline(True)
    typed(page, "\nNot sent.")
    assert left(page, "dismiss")
    expect(page.locator("#text")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.get_by_label("Why").fill("A better sentence.")
    assert left(page, "dismiss")
    page.get_by_label("Why").fill("")
    assert not left(page, "dismiss")
    expect(page.get_by_role("region", name="Texts of the course")).to_be_visible()


def test_publishing_an_unsaved_text_asks_nothing(open_page, address, author):
    page, asked = open_page(DESKTOP, author), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(address)
    page.get_by_label("Why").fill("A better sentence.")
    typed(page, "\nPublished.")
    page.get_by_role("button", name="Check and publish").click()
    expect(page.get_by_text("Published. If the course is also kept in a folder")).to_be_visible()
    assert asked == []


def test_two_windows_of_one_author_overwrite_nothing_and_both_texts_are_offered(open_context, address, author):
    context = open_context(DESKTOP, author)
    one, two = context.new_page(), open_context_page(open_context, author)
    one.goto(address)
    two.goto(address)
    typed(one, "\nOne.")
    expect(one.get_by_text("Draft saved")).to_be_visible()
    typed(two, "\nTwo.")
    expect(two.get_by_text("You saved, published, or discarded this draft in another window")).to_be_visible()
    look_at(two, "work-text-draft-conflict", DESKTOP)
    two.get_by_role("button", name="Keep the text in this window").click()
    expect(two.get_by_text("Draft saved")).to_be_visible()
    typed(one, "\nMore.")
    one.get_by_role("button", name="Use the other text").click()
    expect(one.get_by_text("This is your draft")).to_be_visible()
    assert one.locator("#text").input_value().endswith("\nTwo.")
    one.get_by_role("button", name="Check and publish").click()
    expect(one.get_by_text("Published.")).to_be_visible()
    expect(one.get_by_text("This is your draft")).to_have_count(0)
    assert TextDraft.objects.get().text is None


def open_context_page(open_context, author):
    """Open another browser of the same person, with separate storage."""
    return open_context(DESKTOP, author).new_page()


def test_a_button_pressed_while_a_save_is_on_its_way_waits_for_the_save(open_page, address, author):
    page, held = open_page(DESKTOP, author), []
    page.goto(address)
    page.route("**/texts/draft/**", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/texts/draft/**"):
        typed(page, "\nOne")
    expect(page.locator("[data-draft-status]")).to_contain_text("Saving")
    (route,) = held
    answer = route.fetch()  # the server has saved the draft, and the page does not know it yet
    typed(page, " and two.")
    page.get_by_role("button", name="Check and publish").click()
    route.fulfill(response=answer)
    expect(page.get_by_text("Published.")).to_be_visible()
    assert page.locator("#text").input_value().endswith("\nOne and two.")


def test_a_new_key_shows_how_many_answered_the_old_one_and_links_to_the_regrade(open_page, author, look):
    course, question = Course.objects.get(), Question.objects.get(key="is-true")
    learner = make.enroll(course=course)
    services.check_response(learner=learner, question_id=question.pk, response=True, number=1, now=timezone.now())
    page = open_page(look, author)
    page.goto(f"/admin/courses/{course.slug}/texts/edit/{question.file}?question={question.key}")
    box = page.locator("#text")
    box.fill(box.input_value().replace("answer: true", "answer: false"))
    expect(page.get_by_text("1 learner answered the published version of this question.")).to_be_visible()
    expect(page.get_by_text("Draft saved")).to_be_visible()
    look_at(page, "work-text-new-key", look)
    page.get_by_role("link", name="Regrade this question").click()
    expect(page.get_by_role("heading", name="Regrade a question")).to_be_visible()
