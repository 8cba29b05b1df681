"""The page on which instructors decide who sees the course."""

import pytest
import time_machine
from django.urls import reverse

from course.models import Course
from quizzes.services import start_sitting
from records.models import AuditEntry
from tests import factories as make
from tests.portal.pages.test_home import text
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def page(client, course):
    client.force_login(instructor_of(course))
    return reverse("visibility", args=[course.slug])


def visibility_of(course):
    return Course.objects.get(pk=course.pk).visibility


@pytest.mark.parametrize(
    ("visibility", "words", "button"),
    [
        ("private", "only the class and those who teach the course see it: 1 learner.", "Make it private"),
        ("hidden", "1 learner of the class loses sight of it", "Hide the course"),
    ],
)
def test_a_choice_is_explained_then_made_then_undone_on_the_same_page(client, course, page, visibility, words, button):
    make.enroll(course=course)
    asked = text(client.post(page, {"visibility": visibility}))
    assert (words in asked, button in asked, visibility_of(course)) == (True, True, "listed")
    assert client.post(page, {"visibility": visibility, "confirmed": "1"}).status_code == 302
    assert visibility_of(course) == visibility
    assert "the course is in the catalog" in text(client.post(page, {"visibility": "listed"}))
    client.post(page, {"visibility": "listed", "confirmed": "1"})
    assert visibility_of(course) == "listed"
    changes = AuditEntry.objects.filter(action="set_visibility").order_by("pk").values_list("details", flat=True)
    assert list(changes) == [{"before": "listed", "after": visibility}, {"before": visibility, "after": "listed"}]


def test_the_page_says_when_running_exams_are_over(client, course, page):
    exam, learner = make.make_exam(course=course), make.enroll(course=course)
    start_sitting(learner=learner, assessment=exam, now=make.NOW)
    refused = client.post(page, {"visibility": "hidden", "confirmed": "1"})
    assert (refused.status_code, visibility_of(course)) == (400, "listed")
    assert "Exams are running in this course: 1, the last until 24 November 2026, 13:00" in text(refused)


def test_an_unknown_choice_changes_nothing(client, course, page):
    assert client.post(page, {"visibility": "secret", "confirmed": "1"}).status_code == 400
    assert visibility_of(course) == "listed"
