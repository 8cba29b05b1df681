"""Instructors make exams without a time limit, watch them, and cannot change a clock that they do not have (D36)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from quizzes import services
from quizzes.models import Sitting, SittingExtension, SittingPause
from tests import factories as make
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
NOW = make.NOW
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SENTENCE = "An exam without a time limit has no clock"


@pytest.fixture
def course():
    return make.make_course(slug="deep")


@pytest.fixture
def exam(course):
    return make.make_exam(course=course, time_limit=None, title="Take-home exam")


@pytest.fixture
def untimed(course, exam):
    return services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)[0]


@pytest.fixture
def timed(course):
    exam = make.make_exam(course=course)
    return services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)[0]


@pytest.fixture(autouse=True)
def teacher(client, course):
    client.force_login(instructor_of(course))
    with time_machine.travel(NOW + 10 * MINUTE, tick=False):
        yield client


def words_of(page):
    return " ".join(re.sub(r"<[^>]*>", "", page.content.decode()).split())


def act(client, **fields):
    form = {"action": "extend", "minutes": "10", "hours": "5", "reason": "r", "key": "k", **fields}
    return client.post(reverse("running", args=["deep"]), form)


def test_running_exams_say_that_there_is_no_limit(client, untimed):
    words = words_of(client.get(reverse("running", args=["deep"])))
    assert "no time limit when handed in" in words
    assert "An exam without a time limit has no clock to extend or to pause." in words
    assert "no time limit when handed in" in words_of(client.get(reverse("dashboard", args=["deep"])))
    cell = reverse("gradebook_cell", args=["deep", untimed.learner_id, untimed.assessment_id])
    assert "not handed in; it has no time limit and never closes" in words_of(client.get(cell))


def test_an_exam_without_a_limit_says_on_which_day_it_was_started(client, untimed, timed):
    words = words_of(client.get(reverse("running", args=["deep"])))
    assert f"when handed in Take-home exam {localtime(NOW):%-d %b %Y, %H:%M}" in words
    assert f" {timed.assessment.title} {localtime(NOW):%H:%M:%S} " in words


def test_the_admin_shows_no_end_that_nobody_is_shown(client, untimed):
    client.force_login(make.make_user(is_staff=True, is_superuser=True))
    page = client.get(reverse("admin:quizzes_sitting_change", args=[untimed.pk])).content.decode()
    assert (re.findall(r"\b9999\b", page), "End:" in page) == ([], True)  # a seed may hold these digits among others
    Sitting.objects.filter(pk=untimed.pk).update(deadline_at=NOW + DAY, accepts_until=NOW + DAY + MINUTE / 12)
    page = client.get(reverse("admin:quizzes_sitting_change", args=[untimed.pk])).content.decode()
    assert date_format(localtime(NOW + DAY), "DATETIME_FORMAT") in page


@pytest.mark.parametrize("action", ["extend", "pause", "resume"])
def test_a_chosen_exam_without_a_limit_is_refused_with_the_reason(client, untimed, timed, action):
    page = act(client, action=action, sitting=[untimed.pk, timed.pk])
    assert (page.status_code, SENTENCE in words_of(page)) == (400, True)


@pytest.mark.parametrize("action", ["extend", "pause"])
def test_all_means_the_exams_with_a_clock(client, untimed, timed, action):
    page = act(client, action=action, all="1")
    assert page.status_code == 200
    said = {"expected": page.context["expected"], "confirmed": "1"}
    assert act(client, action=action, sitting=page.context["chosen"], **said).status_code == 302
    changed = [SittingExtension, SittingPause][action == "pause"].objects.values_list("sitting", flat=True)
    assert list(changed) == [timed.pk]


def test_all_is_refused_if_no_exam_has_a_clock(client, untimed):
    page = act(client, all="1")
    assert (page.status_code, SENTENCE in words_of(page)) == (400, True)


@pytest.mark.parametrize(
    ("address", "body"), [("extensions", {"minutes": 5}), ("pauses", {"hours": 5}), ("pauses/resume", {})]
)
def test_the_api_refuses_to_change_a_clock_that_is_not_there(client, untimed, address, body):
    said = {"sittings": [untimed.pk], "reason": "r", **body}
    key = {"Idempotency-Key": "k"}
    answer = client.post(f"/api/v1/courses/deep/{address}/", said, content_type="application/json", headers=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_time_limit")


def test_running_exams_in_the_api_have_no_deadline(client, untimed):
    (row,) = client.get("/api/v1/courses/deep/running-exams/").json()["sittings"]
    assert row["sitting"]["deadline_at"] is None


def test_the_page_of_the_multiplier_says_that_it_changes_nothing(client, untimed):
    page = client.get(reverse("accommodation", args=["deep", untimed.learner_id]))
    assert "Take-home exam no time limit, so the multiplier changes nothing" in words_of(page)


def test_a_later_closing_on_a_learners_page_moves_the_end(client, exam, course):
    exam.closes_at = NOW + DAY
    exam.save()
    sitting = services.start_sitting(learner=make.enroll(course=course), assessment=exam, now=NOW)[0]
    page = reverse("learner_dates", args=["deep", sitting.learner_id])
    said = {"activity": exam.pk, "closes_at": f"{NOW + 2 * DAY:%Y-%m-%dT%H:%M}", "due_at": "", "reason": "ill"}
    answer = client.post(page, said)
    assert answer.status_code == 302, words_of(answer)
    assert Sitting.objects.get(pk=sitting.pk).deadline_at == NOW + 2 * DAY
