"""An exam that takes days gives its time limit in days, and names the day on which it ends."""

import re
from datetime import timedelta

import pytest
import time_machine

from foundation.frame.templatetags.times import time_limit_words
from quizzes.services import start_sitting
from tests import factories as make
from tests.portal.workplace.people import instructor_of
from tests.quizzes.pages.test_untimed_exam import words_at

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def clock():
    with time_machine.travel(make.NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def exam(clock):
    return exam_of(2 * DAY)


def exam_of(limit):
    exam = make.make_exam(course=make.make_course(slug="deep"))
    exam.time_limit = limit
    exam.save()
    return exam


def test_a_learner_reads_on_which_day_the_exam_ends(client, clock, exam):
    client.force_login(make.enroll(course=exam.course))
    assert "the exam runs until 26 Nov, 12:00 (UTC)" in words_at(client, f"/assessments/{exam.pk}/")
    client.post(f"/assessments/{exam.pk}/start/")
    pages = {
        f"/assessments/{exam.pk}/1/": "Ends (UTC) 26 Nov, 12:00 ",
        "/about/": "is running until 26 Nov, 12:00 (UTC).",
    }
    assert {address: said for address, said in pages.items() if said not in words_at(client, address)} == {}
    clock.shift(2 * DAY - timedelta(hours=1))
    pages = {f"/assessments/{exam.pk}/1/": "Ends (UTC) 12:00:00 ", "/about/": "is running until 12:00:00 (UTC)."}
    assert {address: said for address, said in pages.items() if said not in words_at(client, address)} == {}


def test_an_instructor_reads_on_which_day_running_exams_began_and_end(client, clock, exam):
    start_sitting(learner=make.enroll(course=exam.course), assessment=exam, now=make.NOW)
    client.force_login(instructor_of(exam.course))
    assert f"26 Nov 2026, 12:00 {exam.title} 12:00:00 " in words_at(client, "/admin/courses/deep/running/")
    clock.shift(2 * DAY - timedelta(hours=1))
    assert f"12:00:00 {exam.title} 24 Nov, 12:00 " in words_at(client, "/admin/courses/deep/running/")


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=60), "60 minutes"),
        (timedelta(minutes=180), "180 minutes"),
        (timedelta(minutes=181), "181 minutes"),
        (timedelta(hours=5), "5 hours"),
        (DAY, "1 day"),
        (1.25 * 2 * DAY, "60 hours"),
        (3 * DAY, "3 days"),
    ],
)
def test_a_time_limit_is_written_in_its_natural_unit(limit, words):
    assert time_limit_words(limit) == words


def test_the_page_before_an_exam_gives_two_days_as_days(client, exam):
    client.force_login(make.enroll(course=exam.course))
    shown = words_at(client, f"/assessments/{exam.pk}/")
    assert "You have 2 days and cannot pause." in shown
    assert "2880" not in shown


@pytest.mark.parametrize(
    ("limit", "scale"),
    [
        (timedelta(hours=1), ["12:00", "12:20", "12:40", "13:00"]),
        (2 * DAY, ["Tue 12:00", "Wed 04:00", "Wed 20:00", "Thu 12:00"]),
        (9 * DAY, ["24 Nov", "27 Nov", "30 Nov", "3 Dec"]),
    ],
)
def test_the_scale_of_the_clock_names_days_if_an_exam_takes_days(client, clock, limit, scale):
    exam = exam_of(limit)
    client.force_login(make.enroll(course=exam.course))
    client.post(f"/assessments/{exam.pk}/start/")
    page = client.get(f"/assessments/{exam.pk}/1/").content.decode()
    assert re.findall(r'data-third="\d">([^<]*)<', page) == scale
