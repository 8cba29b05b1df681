"""What is due next, and the calendar feed: valid iCalendar (RFC 5545) behind an address that can be renewed."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine

from portal.calendars.models import CalendarFeed
from quizzes import services
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOW = make.NOW


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def course():
    return make.make_course(title="Nets; deep, wide \\ äöü")


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def browser(client, learner):
    client.force_login(learner)
    return client


def address_of(browser, learner):
    browser.post("/settings/calendar/renew/")
    return f"/calendar/{CalendarFeed.objects.get(user=learner).token}.ics"


def parsed(answer):
    """Return the events of a calendar. Check what RFC 5545 demands of each line and of each component."""
    text = answer.content.decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))  # 3.1: at most 75 octets
    lines = re.sub(r"\r\n[ \t]", "", text).split("\r\n")[:-1]
    assert all(re.fullmatch(r"[A-Z-]+(;[A-Z-]+=[^:;]+)*:[^\x00-\x08\x0a-\x1f\x7f]*", line) for line in lines)
    assert (lines[0], lines[1], lines[-1]) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR")
    head = [line.partition(":")[0] for line in lines if line.partition(":")[0] in ("PRODID", "VERSION", "CALSCALE")]
    assert sorted(head) == ["CALSCALE", "PRODID", "VERSION"]  # 3.6: each once
    events, current = [], None
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            current = {}
        elif line == "END:VEVENT":
            assert {"UID", "DTSTAMP", "DTSTART"} <= current.keys()  # 3.6.1
            events.append(current)
            current = None
        elif current is not None:
            assert name not in current  # each at most once
            current[name] = value
    assert len({event["UID"] for event in events}) == len(events)
    for event in events:
        for name in ("DTSTAMP", "DTSTART"):
            datetime.strptime(event[name], "%Y%m%dT%H%M%SZ")  # noqa: DTZ007  # the form with Z is UTC
        plain = re.sub(r"\\[\\;,nN]", "", event["SUMMARY"])
        assert not re.search(r"[\\;,]", plain)  # 3.3.11: these are escaped
    return events


def unescaped(text):
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def test_a_calendar_names_every_date_and_is_valid(browser, learner, course, client):
    module = make.make_module(course=course, title="Restricted Boltzmann machines, and how they learn " * 2)
    review = make.make_review(course=course, module=module, due_at=NOW + DAY, closes_at=NOW + 2 * DAY)
    exam = make.make_exam(course=course, opens_at=NOW + 3 * DAY, closes_at=NOW + 4 * DAY)
    address = address_of(browser, learner)
    client.logout()
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    found = {event["UID"].partition("@")[0]: event for event in parsed(answer)}
    assert {uid: event["DTSTART"] for uid, event in found.items()} == {
        f"{review.pk}-due": "20261125T120000Z",
        f"{review.pk}-closes": "20261126T120000Z",
        f"{exam.pk}-opens": "20261127T120000Z",
        f"{exam.pk}-closes": "20261128T120000Z",
    }
    due = found[f"{review.pk}-due"]
    assert unescaped(due["SUMMARY"]) == f"Due: {module.title}: {review.title} ({course.title})"
    assert due["URL"] == f"http://testserver/assessments/{review.pk}/"
    assert learner.username not in answer.content.decode()
    assert learner.name not in answer.content.decode()


def test_a_calendar_without_dates_is_valid_and_empty(browser, learner):
    assert parsed(browser.get(address_of(browser, learner))) == []


def test_an_old_address_stops_at_once_and_a_removed_one_too(browser, learner):
    first = address_of(browser, learner)
    second = address_of(browser, learner)
    assert first != second
    assert [browser.get(each).status_code for each in (first, second)] == [404, 200]
    assert second in browser.get("/settings/").content.decode()
    browser.post("/settings/calendar/remove/")
    assert browser.get(second).status_code == 404
    assert "Create address" in browser.get("/settings/").content.decode()


def test_a_closed_account_and_an_ended_enrollment_give_no_dates(browser, learner, course):
    make.make_review(course=course, due_at=NOW + DAY)
    address = address_of(browser, learner)
    assert len(parsed(browser.get(address))) == 1
    course.enrollments.filter(user=learner).update(unenrolled_at=NOW)
    assert parsed(browser.get(address)) == []
    learner.is_active = False
    learner.save()
    assert browser.get(address).status_code == 404


def due_next(page):
    found = re.search(r'id="coming">(.*?)</section>', page.content.decode(), re.DOTALL)
    return re.findall(r'<a href="(/assessments/[^"]+)"', found[1]) if found else []


def test_home_and_progress_list_what_is_due_next_and_not_finished(browser, learner, course):
    later = make.make_review(course=course, kinds=["numeric"], due_at=NOW + 2 * DAY)
    sooner = make.make_review(course=course, kinds=["numeric"], due_at=NOW + DAY)
    make.make_review(course=course, kinds=["numeric"], due_at=NOW)
    closing = make.make_review(course=course, kinds=["numeric"], due_at=NOW, closes_at=NOW + DAY / 2)
    expected = [f"/assessments/{each.pk}/" for each in (closing, sooner, later)]
    for address in ("/", f"/courses/{course.slug}/progress/"):
        assert due_next(browser.get(address)) == expected
    question = sooner.questions.get()
    services.check_response(learner=learner, question_id=question.pk, response=make.right(question), number=1, now=NOW)
    for address in ("/", f"/courses/{course.slug}/progress/"):
        assert due_next(browser.get(address)) == [expected[0], expected[2]]


def test_a_course_without_dates_shows_no_list(browser, course):
    make.make_review(course=course)
    assert 'id="coming"' not in browser.get("/").content.decode()
    assert 'id="coming"' not in browser.get(f"/courses/{course.slug}/progress/").content.decode()
