"""What a learner sees of announcements: on Home, on the course's page and on the announcements page."""

import pytest
import time_machine

from announcements.services import post_announcement
from tests import factories as make
from tests.portal.pages.test_home import text
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(make.NOW, tick=False):
        yield


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def learner(client, course):
    person = make.enroll(course=course)
    client.force_login(person)
    return person


def post(course, title="Room 12", key="k"):
    author, later = make.make_user(is_staff=True), make.NOW.replace(hour=make.NOW.hour + 1)
    said = {"text": "We meet in **room 12**.", "audience": "everyone", "group": "", "is_mailed": False}
    post_announcement(course=course, author=author, key=key, title=title, now=later, **said)


def test_an_announcement_is_new_on_home_until_the_learner_has_read_it(client, course, learner):
    post(course)
    outline, own = f"/courses/{course.slug}/", f"/courses/{course.slug}/announcements/"
    assert ["Room 12" in text(client.get(page)) for page in ("/", outline)] == [True, True]
    with time_machine.travel(make.NOW.replace(hour=make.NOW.hour + 2), tick=False):
        read = client.get(own).content.decode()
        assert ("We meet in <strong>room 12</strong>." in read, "New</span>" in read) == (True, True)
        assert "New</span>" not in text(client.get(own))
        assert ["Room 12" in text(client.get(page)) for page in ("/", outline)] == [False, True]


def test_a_course_without_announcements_says_so_and_runs_no_statement_for_them(client, course, learner):
    assert "Nothing has been announced." in text(client.get(f"/courses/{course.slug}/announcements/"))
    with counted_statements() as statements:
        client.get(f"/courses/{course.slug}/")
        client.get("/")
    assert [each for each in statements if "course_announcement" in each] == []


def test_who_is_not_in_the_class_does_not_read_its_announcements(client, course):
    post(course)
    client.force_login(make.make_user())
    assert client.get(f"/courses/{course.slug}/announcements/").status_code == 403
    assert "Room 12" not in text(client.get(f"/courses/{course.slug}/"))
