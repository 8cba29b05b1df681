"""If an exam does not end today, every page that shows its end names the day."""

from datetime import timedelta

import pytest
import time_machine

from quizzes.services import start_sitting
from tests import factories as make
from tests.portal.pages.test_untimed_exam import words_at
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def clock():
    with time_machine.travel(make.NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def exam(clock):
    exam = make.make_exam(course=make.make_course(slug="deep"))
    exam.time_limit = 2 * DAY
    exam.save()
    return exam


def test_a_learner_reads_on_which_day_the_exam_ends(client, clock, exam):
    client.force_login(make.enroll(course=exam.course))
    assert "the exam ends at 26 Nov, 12:00 (UTC)" in words_at(client, f"/assessments/{exam.pk}/")
    client.post(f"/assessments/{exam.pk}/start/")
    pages = {f"/assessments/{exam.pk}/1/": "Ends at (UTC) 26 Nov, 12:00 ", "/about/": "It ends at 26 Nov, 12:00 (UTC)."}
    assert {address: said for address, said in pages.items() if said not in words_at(client, address)} == {}
    clock.shift(2 * DAY - timedelta(hours=1))
    pages = {f"/assessments/{exam.pk}/1/": "Ends at (UTC) 12:00:00 ", "/about/": "It ends at 12:00:00 (UTC)."}
    assert {address: said for address, said in pages.items() if said not in words_at(client, address)} == {}


def test_an_instructor_reads_on_which_day_running_exams_began_and_end(client, clock, exam):
    start_sitting(learner=make.enroll(course=exam.course), assessment=exam, now=make.NOW)
    client.force_login(instructor_of(exam.course))
    assert "12:00:00 26 Nov 2026, 12:00 " in words_at(client, "/admin/courses/deep/running/")
    clock.shift(2 * DAY - timedelta(hours=1))
    assert "24 Nov, 12:00 12:00:00 " in words_at(client, "/admin/courses/deep/running/")
