"""Outages in a browser, in every look: the cause, who held the server, and time for those whom the instructor chose (D20)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from quizzes import services
from quizzes.models import Heartbeat, Outage
from quizzes.rules.full_servers import Holder, HolderKind
from tests import factories as make
from tests.browser import course as demo
from tests.browser.shots import look_at
from tests.rounds import second_round

pytestmark = [pytest.mark.django_db(transaction=True), second_round]
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def admin(course):
    return make.make_user(username="ines", is_staff=True, is_superuser=True)


@pytest.fixture
def outages(course, learner):
    """An outage of ours, and a server that was full; three exams that were running."""
    began, exam = timezone.now() - 20 * MINUTE, demo.exam_of(course)
    people = [learner, *(make.enroll(course=course, user=make.make_user(username=name)) for name in ("omar", "ronja"))]
    for each in people:
        services.start_sitting(learner=each, assessment=exam, now=began)
    Heartbeat.objects.create(started_at=began - MINUTE, beat_at=began + 2 * MINUTE)
    record(began + 2 * MINUTE, "process_dead", until=began + 8 * MINUTE)
    record(began + 8 * MINUTE, "refused_full", until=timezone.now())
    holders = [
        Holder(HolderKind.ADDRESS, "2001:db8:85a3:1234:5678:8a2e:370:7334", None, 1012, 12, 48_000_000, 34_012),
        Holder(HolderKind.ADDRESS, "192.0.2.7", None, 40, 3, 2048, 0),
        Holder(HolderKind.PERSON, "192.0.2.9", people[1].pk, 12, 12, 0, 5),
    ]
    full = began + 8 * MINUTE + 10 * SECOND
    services.record_full(from_at=full, until_at=full + 60 * SECOND, holders=holders, now=timezone.now())


def record(began, cause, until):
    """Record an outage of 93 seconds, and service until then."""
    period = Heartbeat.objects.create(started_at=began + 93 * SECOND, beat_at=until)
    Outage.objects.create(period=period, began_at=began, ended_at=period.started_at, cause=cause)


def test_an_instructor_gives_lost_time_back_and_the_learner_reads_it_to_the_second(
    open_page, course, learner, admin, outages, look
):
    page = open_page(look, admin)
    page.goto(f"/admin/courses/{course.slug}/running/")
    expect(page.get_by_text("Cause: no web process was running.")).to_be_visible()
    look_at(page, "work-running-outages", look)
    page.get_by_text("Who held the server").click()
    expect(page.get_by_text("192.0.2.7")).to_be_visible()
    look_at(page, "work-running-holders", look)
    page.get_by_role("button", name="Choose who gets time").click()
    expect(page.get_by_role("checkbox")).to_have_count(3)
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    look_at(page, "work-outage-full", look)
    page.goto(f"/admin/courses/{course.slug}/running/")
    page.get_by_role("button", name="Preview giving the lost time back").click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    chosen = {box.get_attribute("aria-label"): box.is_checked() for box in page.get_by_role("checkbox").all()}
    assert chosen == {"Mina": True, "Omar": False, "Ronja": True}
    look_at(page, "work-outage-preview", look)
    expect(page.get_by_role("row", name="Mina")).to_contain_text("1 min 33 s")
    page.get_by_role("button", name="Give the chosen exams their time back").click()
    expect(page.get_by_text("2 exams have more time.")).to_be_visible()
    exam = open_page(look, learner)
    exam.goto(f"/assessments/{demo.exam_of(course).pk}/1/")
    expect(exam.locator("[data-added]")).to_contain_text("An instructor added 1 min 33 s:")
