"""The page of a learner's exam time warns where the closing of an exam cuts the extra time (D15, D22)."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from people.services import set_accommodation
from portal.allowances.services import extend_activity
from tests import factories as make
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db
NOW, MINUTE = make.NOW, timedelta(minutes=1)


@pytest.fixture
def course():
    return make.make_course(slug="deep")


@pytest.fixture
def teacher(client, course):
    with time_machine.travel(NOW, tick=False):
        person = instructor_of(course)
        client.force_login(person)
        yield person


def words_of(client, learner):
    page = client.get(reverse("accommodation", args=["deep", learner.pk])).content.decode()
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


@pytest.mark.parametrize(
    ("multiplier", "closes_in", "is_cut", "is_told"),
    [
        ("1.5", 80 * MINUTE, True, False),
        ("1.5", 90 * MINUTE, False, True),
        ("1.5", None, False, False),
        ("1", 80 * MINUTE, False, False),
        ("1.5", -MINUTE, False, False),
    ],
)
def test_a_closing_that_cuts_the_extra_time_is_named(client, course, teacher, multiplier, closes_in, is_cut, is_told):
    make.make_exam(course=course, title="Midterm", closes_at=closes_in and NOW + closes_in)
    learner = make.enroll(course=course)
    said = {"learner_id": learner.pk, "author": teacher, "reason": "a certificate", "now": NOW}
    set_accommodation(course=course, multiplier=Decimal(multiplier), **said)
    words = words_of(client, learner)
    assert ("Midterm closes before the learner’s 90 minutes are over" in words) is is_cut
    assert ("in full for a start until" in words) is is_told


def test_a_later_closing_of_the_learner_ends_the_warning(client, course, teacher):
    exam = make.make_exam(course=course, title="Midterm", opens_at=NOW + MINUTE, closes_at=NOW + 70 * MINUTE)
    learner = make.enroll(course=course)
    said = {"course": course, "learner_id": learner.pk, "author": teacher, "reason": "a certificate", "now": NOW}
    set_accommodation(multiplier=Decimal("1.5"), **said)
    assert "Midterm closes before the learner’s 90 minutes are over" in words_of(client, learner)
    extend_activity(activity=exam.pk, due_at=None, closes_at=NOW + 91 * MINUTE, **said)
    assert "closes before" not in words_of(client, learner)
