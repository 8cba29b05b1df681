"""Title, summary, language and time zone of a course by form: a draft of course.yaml, which is checked and published."""

import pytest

from course.models import Course
from quizzes.models import Assessment
from tests.authoring.folder.nasty import edited, nasty_files
from tests.authoring.test_course_folder import load
from tests.authoring.workplace.test_policy import send
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db
PAGE = "/admin/courses/nasty/settings/about/"
DUE = "due: 2027-03-08 20:00\n"


@pytest.fixture
def teacher(client):
    files = dict(nasty_files())
    files["02-second/module.yaml"] += DUE.encode()
    load(files)
    client.force_login(instructor_of(Course.objects.get()))
    return client


def words_of(page):
    return " ".join(page.content.decode().split())


def due():
    return {row.dates.due_at for row in Assessment.objects.filter(module__folder="02-second")}


def test_title_and_summary_are_published_and_the_rest_of_the_text_stays(teacher):
    before = Course.objects.get().source
    assert send(teacher, "publish", PAGE, title="Statistics: 101", summary="How to\r\n count.").status_code == 302
    course = Course.objects.get()
    assert (course.title, course.summary) == ("Statistics: 101", "How to count.")
    rest = before.partition("attempts:")[2]
    assert course.source.partition("attempts:")[2] == rest
    assert course.source.startswith("# Every feature of the format")


def test_another_time_zone_says_what_moves_before_it_is_published_and_then_moves_it(teacher):
    (utc,) = due()
    page = send(teacher, "preview", PAGE, timezone="America/New_York")
    assert (page.status_code, due()) == (200, {utc})
    assert (
        "“due” in 02-second/module.yaml, 2027-03-08 20:00, is 2027-03-08 20:00 UTC now, and 2027-03-09 01:00 UTC after you"
        in words_of(page)
    )
    assert send(teacher, "publish", PAGE, timezone="America/New_York").status_code == 302
    assert Course.objects.get().timezone == "America/New_York"
    assert [at.isoformat() for at in due()] == ["2027-03-09T01:00:00+00:00"]


def test_a_course_without_dates_says_that_its_time_zone_moves_nothing(client):
    load()
    client.force_login(instructor_of(Course.objects.get()))
    page = send(client, "preview", PAGE, timezone="Asia/Tokyo")
    assert "The course has no dates, so the time zone moves nothing." in words_of(page)


def test_a_course_needs_a_title_and_a_zone_that_exists(teacher):
    page = send(teacher, "publish", PAGE, title="")
    assert (page.status_code, Course.objects.get().title != "") == (400, True)
    page = send(teacher, "publish", PAGE, timezone="Mars/Base")
    assert (page.status_code, Course.objects.get().timezone) == (400, "UTC")


def test_an_author_does_not_change_what_the_course_is_called(client):
    load(edited("course.yaml", "title: ", "title: "))
    client.force_login(staff_in(Course.objects.get(), "author"))
    assert client.get(PAGE).status_code == 403
