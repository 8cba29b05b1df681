"""The secret address of a calendar of dates."""

import pytest

from portal.calendars.models import CalendarFeed
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner():
    return make.make_user()


@pytest.fixture
def browser(client, learner):
    client.force_login(learner)
    return client


def test_me_calendar_gives_renews_and_removes_the_address(browser, learner):
    assert browser.get("/api/v1/me/calendar/").json() == {"url": None}
    made = browser.post("/api/v1/me/calendar/", content_type="application/json")
    assert (made.status_code, browser.get("/api/v1/me/calendar/").json()) == (201, made.json())
    assert made.json()["url"] == f"http://testserver/calendar/{CalendarFeed.objects.get().token}.ics"
    assert browser.delete("/api/v1/me/calendar/").status_code == 204
    assert browser.get("/api/v1/me/calendar/").json() == {"url": None}
