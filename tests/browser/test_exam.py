"""The exam page keeps saved responses, loses no typed text, and follows the server's clock."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.html import strip_tags
from playwright.sync_api import Page, expect

from foundation.frame.templatetags.times import clock_or_date
from quizzes.models import Attempt, Sitting, SittingQuestion
from quizzes.services import add_minutes, start_sitting, void_sitting
from quizzes.templatetags.answering import third_form
from tests import factories as make
from tests.browser import course as demo
from tests.browser.looks import DESKTOP, PHONE
from tests.browser.reading import RECORD_ANNOUNCEMENTS
from tests.browser.shots import shoot
from tests.browser.visitors import run_timers, sign_in, stop_timers, wait_until_sent

pytestmark = pytest.mark.django_db(transaction=True)
SAVED = re.compile(r"Saved \d\d:\d\d:\d\d")
RECORD_WAITS = """
const plain = setTimeout;
window.waits = [];
window.setTimeout = (act, wait, ...rest) => { waits.push(wait); return plain(act, wait, ...rest); };
"""


@pytest.fixture
def exam(course):
    return demo.exam_of(course)


@pytest.fixture
def sitting(exam, learner):
    found, _is_new = start_sitting(learner=learner, assessment=exam, now=timezone.now())
    return found


def row_of(sitting, kind):
    """The first question of this type in the paper."""
    rows = SittingQuestion.objects.filter(sitting=sitting, version__type=kind).order_by("position")
    return rows.first()


def open_question(page: Page, sitting, kind="text"):
    row = row_of(sitting, kind)
    page.goto(f"/assessments/{sitting.assessment_id}/{row.position}/")
    return row


def box(page: Page, row):
    return page.locator(f"[id='q-{row.question_id}']").locator("input.field")


def stored(row):
    return SittingQuestion.objects.get(pk=row.pk).draft


def wait_until_saved(page: Page):
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    wait_until_sent(page)


def test_typed_text_is_saved_within_a_second_and_the_page_shows_when(open_page, learner, sitting):
    page = open_page(user=learner)
    page.clock.install()
    row = open_question(page, sitting)
    stop_timers(page)
    box(page, row).fill("relu")
    with page.expect_response("**/draft/"):
        run_timers(page, seconds=1)
    page.clock.resume()
    wait_until_saved(page)
    assert stored(row) == "relu"
    page.reload()
    expect(box(page, row)).to_have_value("relu")
    expect(page.locator("[data-status]")).to_have_text(SAVED)


def test_a_stale_draft_offers_both_texts(open_context, learner, sitting):
    context = open_context(user=learner)
    one, other = context.new_page(), context.new_page()
    row = open_question(one, sitting)
    open_question(other, sitting)
    box(one, row).fill("tanh")
    wait_until_saved(one)
    box(other, row).fill("relu")
    note = other.locator("[data-two] [role=alert]")
    expect(note).to_contain_text("tanh")
    expect(note).to_contain_text("relu")
    shoot(other, "exam-stale", DESKTOP)
    assert stored(row) == "tanh"
    other.get_by_role("button", name="Keep the one typed here").click()
    wait_until_saved(other)
    assert stored(row) == "relu"


def test_a_phone_is_led_from_another_question_to_the_choice_between_two_texts(open_context, learner, sitting):
    one, other = (open_context(look, learner).new_page() for look in (DESKTOP, PHONE))
    row = open_question(one, sitting)
    open_question(other, sitting)
    box(one, row).fill("tanh")
    wait_until_saved(one)
    box(other, row).fill("relu")
    status = other.locator("[data-status]")
    expect(status).to_have_text("Not saved: choose a response")
    other.locator("[data-nav] a:not([aria-current])").first.click()
    choice = other.locator(f"[id='q-{row.question_id}'] [data-two] [role=alert]")
    expect(choice).to_be_hidden()
    status.get_by_role("link").click()
    expect(choice).to_be_in_viewport()
    expect(other.get_by_role("button", name="Keep the one typed here")).to_be_focused()
    shoot(other, "exam-choice", PHONE)
    other.goto(f"/assessments/{sitting.assessment_id}/hand-in/")
    status.get_by_role("link", name="Not saved: choose a response").click()
    other.get_by_role("button", name="Keep the one typed here").click()
    wait_until_saved(other)
    assert stored(row) == "relu"


def test_handing_in_names_the_answers_that_are_not_decided(open_context, learner, sitting):
    context = open_context(user=learner)
    one, other = context.new_page(), context.new_page()
    row = open_question(one, sitting)
    open_question(other, sitting)
    box(one, row).fill("tanh")
    wait_until_saved(one)
    box(other, row).fill("relu")
    expect(other.locator("[data-two] [role=alert]")).to_be_visible()
    other.goto(f"/assessments/{sitting.assessment_id}/hand-in/")
    note = other.locator("[data-conflicts]")
    expect(note).to_contain_text("Two versions of your response")
    expect(note.get_by_role("link")).to_have_count(1)
    shoot(other, "exam-hand-in-undecided", DESKTOP)
    note.get_by_role("link").click()
    other.get_by_role("button", name="Use the one saved elsewhere").click()
    other.goto(f"/assessments/{sitting.assessment_id}/hand-in/")
    expect(note).to_be_hidden()


def test_a_check_from_an_old_page_uses_no_attempt_and_keeps_the_typed_text(open_context, learner, sitting):
    context = open_context(user=learner)
    one, other = context.new_page(), context.new_page()
    one.clock.install()
    row = open_question(one, sitting)
    open_question(other, sitting)
    box(other, row).fill("tanh")
    other.locator("[data-check]:visible").click()
    expect(other.locator("section.question:visible")).to_contain_text("Not quite")
    stop_timers(one)  # so that no draft is sent before the Check
    box(one, row).fill("relu")
    one.locator("[data-check]:visible").click()
    one.clock.resume()
    expect(one.locator("section.question:visible")).to_contain_text("You checked this question in another tab")
    expect(box(one, row)).to_have_value("relu")
    wait_until_saved(one)
    assert stored(row) == "relu"
    assert Attempt.objects.count() == 1


def test_two_minutes_offline_lose_nothing(open_context, learner, sitting):
    context = open_context(user=learner)
    page = context.new_page()
    row = open_question(page, sitting)
    context.set_offline(True)
    box(page, row).fill("relu")
    expect(page.locator("[data-offline-banner]")).to_contain_text("Offline since")
    expect(page.locator("[data-status]")).to_contain_text("1 not sent, kept on this device")
    expect(page.locator("[data-check]:visible")).to_be_disabled()
    following = page.locator("nav.previous-next:visible a").last
    if following.get_attribute("data-go"):
        following.click()
    shoot(page, "exam-offline", DESKTOP)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
        assert stored(row) is None
        context.set_offline(False)
        expect(page.locator("[data-offline-banner]")).to_be_hidden()
        wait_until_saved(page)
    assert stored(row) == "relu"


def test_a_killed_tab_loses_nothing(open_context, learner, sitting):
    context = open_context(user=learner)
    page = context.new_page()
    row = open_question(page, sitting)
    context.set_offline(True)
    box(page, row).fill("rectified")
    expect(page.locator("[data-status]")).to_contain_text("kept on this device")
    assert stored(row) is None
    page.close()
    context.set_offline(False)
    again = context.new_page()
    open_question(again, sitting)
    expect(box(again, row)).to_have_value("rectified")
    wait_until_saved(again)
    assert stored(row) == "rectified"


def test_a_lost_session_loses_nothing(open_context, learner, sitting, site):
    context = open_context(user=learner)
    page = context.new_page()
    row = open_question(page, sitting)
    Session.objects.all().delete()
    box(page, row).fill("relu")
    expect(page.locator("[data-saved]:visible")).to_contain_text("You are signed out")
    assert stored(row) is None
    sign_in(context, learner, site)
    wait_until_saved(page)
    assert stored(row) == "relu"


def typed_without_network(context, sitting):
    """Type a response that cannot be sent. Return its page and its row."""
    page = context.new_page()
    row = open_question(page, sitting)
    context.set_offline(True)
    box(page, row).fill("relu")
    expect(page.locator("[data-status]")).to_contain_text("kept on this device")
    return page, row


def test_responses_sent_after_the_end_are_reported_as_too_late(open_context, learner, sitting):
    context = open_context(user=learner)
    page, _row = typed_without_network(context, sitting)
    with time_machine.travel(sitting.deadline_at + timedelta(minutes=1), tick=True):
        context.set_offline(False)
        expect(page.locator("[data-late-list]")).to_contain_text("are not graded")
        shoot(page, "exam-late", DESKTOP)
    assert Attempt.objects.count() == 0


def test_a_response_that_is_typed_after_a_late_one_is_saved_when_time_was_added(open_context, learner, sitting):
    context = open_context(user=learner)
    page, row = typed_without_network(context, sitting)
    with time_machine.travel(sitting.deadline_at + timedelta(seconds=10), tick=True):
        context.set_offline(False)
        page.wait_for_function("() => Object.values(localStorage).some((entry) => entry.includes('\"isLate\":true'))")
        later = sitting.deadline_at + timedelta(minutes=15)
        Sitting.objects.filter(pk=sitting.pk).update(deadline_at=later, accepts_until=later + timedelta(seconds=5))
        open_question(page, sitting)
        box(page, row).fill("tanh")
        wait_until_saved(page)
        assert stored(row) == "tanh"


def test_the_page_of_the_result_reports_what_it_sends_too_late_itself(open_context, learner, sitting):
    context = open_context(user=learner)
    page, _row = typed_without_network(context, sitting)
    page.close()
    context.set_offline(False)
    with time_machine.travel(sitting.deadline_at + timedelta(minutes=1), tick=True):
        result = context.new_page()
        result.goto(f"/assessments/{sitting.assessment_id}/")
        expect(result.locator("[data-late-list]")).to_contain_text("are not graded")
        result.locator("[data-late-list] button").click()
        expect(result.locator("[data-late-list]")).to_be_hidden()


def written(end):
    """The end as pages write it for a learner in Berlin."""
    with timezone.override("Europe/Berlin"):
        return strip_tags(clock_or_date(end, timezone.now()))


@pytest.mark.parametrize("added", [timedelta(minutes=15), timedelta(days=1)], ids=["minutes", "a day"])
def test_added_time_shows_within_five_seconds(open_page, learner, sitting, added):
    page = open_page(user=learner)
    page.add_init_script(RECORD_WAITS)
    open_question(page, sitting)
    later = sitting.deadline_at + added
    Sitting.objects.filter(pk=sitting.pk).update(deadline_at=later, accepts_until=later + timedelta(seconds=5))
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"(1:1|2[45]:[0-5])\d:\d\d"))
    assert page.evaluate("Math.max(...waits)") <= 5000  # milliseconds until the page asks again
    expect(page.locator("[data-ends]")).to_have_text(written(later))
    scale_form = third_form(later - sitting.started_at)
    expect(page.locator("[data-third='3']")).to_have_text(f"{later.astimezone(ZoneInfo('Europe/Berlin')):{scale_form}}")


def test_added_minutes_show_in_the_banner_of_other_open_pages(open_page, learner, sitting):
    page = open_page(user=learner)
    page.goto("/about/")
    banner = page.get_by_role("region", name="Running exam")
    later = sitting.deadline_at + timedelta(minutes=15)
    Sitting.objects.filter(pk=sitting.pk).update(deadline_at=later, accepts_until=later + timedelta(seconds=5))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(banner.locator("time")).to_have_text(written(later))
    with time_machine.travel(later, tick=True):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(banner).to_contain_text("time is up")


@pytest.mark.parametrize("look", [DESKTOP, PHONE], ids=str)
def test_the_clock_stays_in_sight_on_a_short_window(open_page, learner, sitting, look):
    page = open_page(look, learner)
    page.goto(f"/assessments/{sitting.assessment_id}/1/")
    page.set_viewport_size({"width": look.width, "height": 420})
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    for place in ("[data-left]", "[data-ends]", "[data-status]", "[data-clock] [data-hand-in]"):
        expect(page.locator(place)).to_be_in_viewport(ratio=1)


def test_notices_list_added_minutes_with_reasons(open_page, course, learner, sitting):
    page = open_page(user=learner)
    open_question(page, sitting)
    given = {"course": course, "sitting_ids": [sitting.pk], "author": make.make_user(), "now": timezone.now()}
    add_minutes(minutes=5, reason="The network failed.", key="one", **given)
    add_minutes(minutes=10, reason="A fire alarm.", key="two", **given)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    for place in ("[data-added]", "[data-announcer]"):
        expect(page.locator(place)).to_contain_text("An instructor added 15 min:")
        expect(page.locator(place)).to_contain_text("The network failed. (5 min); A fire alarm. (10 min)")


def test_a_void_sitting_leads_to_a_page_with_the_reason(open_page, course, learner, sitting):
    page = open_page(user=learner)
    open_question(page, sitting)
    author = make.make_user(is_staff=True)
    void_sitting(course=course, sitting_id=sitting.pk, reason="The room was dark.", author=author, now=timezone.now())
    expect(page.locator("main")).to_contain_text("Your earlier exam does not count.")
    expect(page.locator("main")).to_contain_text("The room was dark.")


@pytest.mark.parametrize("hours", [-12, 12])
def test_a_wrong_clock_of_the_browser_changes_nothing(open_page, learner, sitting, hours):
    page = open_page(user=learner)
    page.add_init_script(f"const real = Date.now; Date.now = () => real() + {hours} * 3600000;")
    open_question(page, sitting)
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"59:\d\d"))


def test_at_the_deadline_the_exam_is_handed_in_and_the_result_follows(open_page, learner, sitting):
    page = open_page(user=learner)
    with time_machine.travel(sitting.started_at, tick=True) as clock:
        row = open_question(page, sitting)
        box(page, row).fill("relu")
        wait_until_saved(page)
        clock.move_to(sitting.deadline_at - timedelta(seconds=2))
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.get_by_role("heading", name="Time is up")).to_be_visible()
        shoot(page, "exam-time-up", DESKTOP)
        clock.shift(timedelta(seconds=31))
        expect(page.get_by_role("heading", name="1 of 10 points")).to_be_visible()
    assert [(attempt.by, attempt.is_correct) for attempt in Attempt.objects.all()] == [("deadline", True)]


def test_an_hour_has_at_most_five_messages_of_the_timer(open_page, learner, sitting):
    page = open_page(user=learner)
    page.add_init_script(RECORD_ANNOUNCEMENTS)
    open_question(page, sitting)
    with time_machine.travel(timezone.now(), tick=True) as clock:
        for minute in (20, 29, 31, 40, 49, 51, 54, 56, 58):
            clock.move_to(sitting.started_at + timedelta(minutes=minute))
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
            expect(page.locator("[data-left]")).to_have_text(re.compile(rf"({59 - minute:02d}|{60 - minute:02d}):\d\d"))
            phase = next((str(mark) for mark in (5, 10, 30) if 60 - minute <= mark), "")
            expect(page.locator("[data-clock]")).to_have_attribute("data-phase", phase)
        clock.move_to(sitting.deadline_at - timedelta(seconds=50))
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.locator("[data-announcer]")).to_have_text("1 minute left in the exam")
    expected = [f"{minutes} minutes left in the exam" for minutes in (30, 10, 5)]
    assert page.evaluate("heard") == [*expected, "1 minute left in the exam"]
    live = page.locator("[aria-live], [role=status], [role=alert]")
    assert page.locator("[role=timer]").get_attribute("aria-live") is None
    assert live.filter(has_text=re.compile(r"\d\d:\d\d")).count() == 0


def test_the_whole_paper_works_by_keyboard(open_page, learner, sitting):
    page = open_page(user=learner)
    page.goto(f"/assessments/{sitting.assessment_id}/")
    row = row_of(sitting, "true_false")
    reach(page, f"[data-nav] [data-go='{row.position}']")
    page.keyboard.press("Enter")
    expect(page.locator("section.question:visible h2")).to_be_focused()
    reach(page, f"[id='q-{row.question_id}'] input[type=radio]")
    page.keyboard.press("Space")
    wait_until_saved(page)
    reach(page, f"[id='q-{row.question_id}'] [data-check]")
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-nav] [data-go='{row.position}']")).to_have_attribute("data-question-state", "checked")
    reach(page, "section.question:not([hidden]) [data-flag] button", back=True)
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-nav] [data-go='{row.position}']")).to_have_class(re.compile("fl"))
    expect(page.locator("[data-announcer]")).to_have_text(f"Flagged: question {row.position}")
    assert Attempt.objects.filter(question=row.question_id).count() == 1


def reach(page: Page, selector: str, *, back: bool = False):
    """Press Tab until the element has the focus."""
    for _ in range(120):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{selector} cannot be reached by keyboard")
