"""An exam without a time limit, in a browser without a script: every page says that there is no clock (D36)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from quizzes import services
from quizzes.models import Sitting, SittingQuestion
from tests import factories as make
from tests.forms import answer_form

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CLOSING = START + 7 * DAY


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as travelled:
        yield travelled


@pytest.fixture
def course():
    return make.make_course(slug="deep")


@pytest.fixture
def exam(course):
    return make.make_exam(course=course, time_limit=None, title="Take-home exam")


@pytest.fixture
def browser(client, course, clock):
    client.force_login(make.enroll(course=course))
    return client


def words_at(browser, address):
    page = browser.get(address, follow=True)
    assert page.status_code == 200
    text = re.sub(r"(?s)<script.*?</script>|<[^>]*>", "", page.content.decode())
    return " ".join(text.split())


def started(browser, exam):
    browser.post(f"/assessments/{exam.pk}/start/")
    return Sitting.objects.get()


def close_at(exam, closes_at):
    exam.closes_at = closes_at
    exam.save()


def test_the_page_before_it_promises_no_clock(browser, exam):
    words = words_at(browser, f"/assessments/{exam.pk}/")
    assert "This exam has no time limit." in words
    assert "There is no clock." in words
    assert "Nothing else ends it, so remember to hand in" in words
    assert "Time limit none" in words
    assert not re.search(r"\d+ minutes|clock starts when|out\.", words)


def test_the_page_before_it_names_the_closing(browser, exam):
    close_at(exam, CLOSING)
    words = words_at(browser, f"/assessments/{exam.pk}/")
    assert "The exam ends when you hand in, or when it closes." in words
    assert "No clock starts. The exam closes 1 December 2026, 12:00 (UTC)." in words


def test_a_sitting_shows_no_clock_and_is_handed_in_days_later(browser, exam, clock):
    started(browser, exam)
    clock.shift(5 * DAY)
    address = f"/assessments/{exam.pk}/1/"
    words = words_at(browser, address)
    assert "Time No time limit Ends when you hand in" in words
    assert "The exam ends when you hand in. Until then you can leave it and come back." in words
    assert ("Time left" in words, "data-left" in browser.get(address).content.decode()) == (False, False)
    assert "Time left" not in words_at(browser, f"/assessments/{exam.pk}/hand-in/")
    browser.post(f"/assessments/{exam.pk}/hand-in/")
    assert "You handed in on 29 November 2026, 12:00 (UTC)." in words_at(browser, f"/assessments/{exam.pk}/")


def test_a_sitting_says_on_which_day_responses_were_saved(browser, exam, clock):
    sitting = started(browser, exam)
    question = SittingQuestion.objects.filter(sitting=sitting).first().question
    browser.post(f"/questions/{question.pk}/draft/", answer_form(question, make.right(question), revision=0))
    address = f"/assessments/{exam.pk}/1/"
    assert "Saved 12:00:00" in words_at(browser, address)
    clock.shift(23 * DAY)
    assert "Saved 24 Nov, 12:00 " in words_at(browser, address)
    assert "Saved 24 Nov, 12:00 " in words_at(browser, f"/assessments/{exam.pk}/hand-in/")


def test_a_sitting_names_the_closing_and_then_says_that_it_closed(browser, exam, clock):
    close_at(exam, CLOSING)
    started(browser, exam)
    assert "Closes 1 Dec, 12:00" in words_at(browser, f"/assessments/{exam.pk}/1/")
    assert "or when it closes: 1 December 2026, 12:00 (UTC)" in words_at(browser, f"/assessments/{exam.pk}/1/")
    clock.move_to(CLOSING)
    waiting = words_at(browser, f"/assessments/{exam.pk}/")
    assert ("The exam has closed" in waiting, "ran out" in waiting, "Time is up" in waiting) == (True, False, False)
    assert "Take-home exam has closed." in words_at(browser, "/courses/deep/")
    clock.shift(timedelta(seconds=30))
    assert "The exam closed on 1 December 2026, 12:00 (UTC)." in words_at(browser, f"/assessments/{exam.pk}/")


def test_the_banner_leads_back_and_says_when_it_closes(browser, exam, course):
    sitting = started(browser, exam)
    assert "Take-home exam is not handed in yet. It has no time limit." in words_at(browser, "/courses/deep/")
    told = browser.get(f"/sittings/{sitting.pk}/clock/").json()
    assert (told["deadline_at"], told["submitted_at"], told["paused_at"]) == (None, None, None)
    close_at(exam, CLOSING)
    services.follow_closings(course_id=course.pk, now=START)
    assert "It has no time limit and closes 1 December 2026, 12:00 (UTC)." in words_at(browser, "/courses/deep/")


def test_home_does_not_call_it_timed(browser, exam):
    words = words_at(browser, "/")
    assert ("The page before the exam says how much time you have." in words, " timed" in words) == (True, False)


def test_the_outline_says_that_there_is_no_limit(browser, exam):
    assert "2 points, no time limit" in words_at(browser, "/courses/deep/")


def test_signing_out_speaks_of_no_clock(browser, exam):
    started(browser, exam)
    assert "Your exam is not handed in yet." in words_at(browser, "/accounts/logout/")


def test_the_api_says_null_for_the_limit_and_the_deadline(browser, exam):
    sitting = started(browser, exam)
    told = browser.get(f"/api/v1/assessments/{exam.pk}/").json()
    assert (told["limits"]["seconds"], told["sitting"]["deadline_at"]) == (None, None)
    assert browser.get(f"/api/v1/sittings/{sitting.pk}/").json()["deadline_at"] is None


def test_a_lesson_says_what_to_hand_in_before_one_can_ask_about_it(browser, exam):
    lesson = make.make_lesson(module=exam.module)
    started(browser, exam)
    words = words_at(browser, f"/lessons/{lesson.pk}/help/")
    assert "You have not handed in Take-home exam. You can ask again once you have." in words
