"""A course with an exam and a review that close, its teacher, and learners, at a time that stands still."""

from datetime import timedelta

import pytest
import time_machine

from people.services import set_groups
from tests import factories as make
from tests.portal.workplace.people import instructor_of

NOW = make.NOW
CLOSES = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def course():
    return make.make_course(slug="deep")


@pytest.fixture
def exam(course):
    return make.make_exam(course=course, closes_at=CLOSES)


@pytest.fixture
def review(course):
    return make.make_review(course=course, kinds=["numeric"], closes_at=CLOSES)


@pytest.fixture
def ada(course):
    return make.enroll(course=course, user=make.make_user(username="ada"))


@pytest.fixture
def alan(course):
    return make.enroll(course=course, user=make.make_user(username="alan"))


@pytest.fixture
def learner(course):
    return make.enroll(course=course)


@pytest.fixture
def teacher(client, course):
    client.force_login(instructor_of(course, timezone="Europe/Berlin"))
    return client


@pytest.fixture
def groups(course, ada, alan):
    author = make.make_user(is_staff=True)
    for person, group in ((ada, "Monday"), (alan, "Friday <1>")):
        set_groups(course=course, learner_id=person.pk, names=[group], author=author, now=NOW)
