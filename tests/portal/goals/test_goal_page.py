"""The page of a weekly goal and the week on Home, without a script."""

import re
from datetime import UTC, datetime

import pytest
import time_machine

from lessons.services import mark_lesson_done
from portal.goals.models import StudyGoal
from tests import factories as make
from tests.portal.pages.test_home import make_numbered_course, text

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FORM = {"amount": "2", "unit": "lessons", "day": "5", "hour": "17"}


@pytest.fixture
def course():
    return make_numbered_course(lessons=2)


@pytest.fixture
def learner(course, client):
    learner = make.enroll(course=course)
    client.force_login(learner)
    return learner


def words_of(response):
    """Return the texts between the tags of a page."""
    return {words.strip(" ,") for words in re.split(r"<[^>]*>|,", text(response))}


@time_machine.travel(NOW, tick=False)
def test_home_offers_a_goal_and_then_shows_the_week(client, course, learner):
    assert "Set a weekly goal" in text(client.get("/"))
    address = f"/courses/{course.slug}/goal/"
    saved = client.post(address, {**FORM, "is_reminded": "on"}, follow=True)
    assert "Saved. Home shows your week." in text(saved)
    first, second, *_ = course.modules.get(folder="01-part").lessons.all()
    mark_lesson_done(user=learner, lesson=first, now=NOW)
    assert {"1 of 2 lessons", "1 lesson finished", "0 questions answered"} <= words_of(client.get("/"))
    mark_lesson_done(user=learner, lesson=second, now=NOW)
    home = client.get("/")
    assert {"2 of 2 lessons", "Goal reached"} <= words_of(home)
    assert 'aria-label="Days on which you studied: Wednesday"' in home.content.decode()
    removed = client.post(address, {"do": "remove"}, follow=True)
    assert "Your weekly goal was removed." in text(removed)
    assert not StudyGoal.objects.exists()


def test_the_page_shows_what_is_set_and_refuses_what_no_week_has_room_for(client, course, learner):
    address = f"/courses/{course.slug}/goal/"
    refused = client.post(address, {**FORM, "unit": "days", "amount": "8"})
    assert "Enter a number from 1 to 7." in text(refused)
    client.cookies["zone"] = "Asia/Tokyo"
    client.post(address, {**FORM, "is_reminded": "on"})
    assert StudyGoal.objects.values_list("unit", "amount", "reminder_day", "reminder_hour", "timezone").get() == (
        *("lessons", 2, 5, 17),
        "Asia/Tokyo",
    )
    assert "Times are in Asia/Tokyo." in text(client.get(address))


def test_staff_see_a_preview_without_a_form(client, course):
    client.force_login(make.enroll(course=course, user=make.make_user(is_staff=True), role="instructor"))
    assert "This is a preview for staff" in text(client.get(f"/courses/{course.slug}/goal/"))
