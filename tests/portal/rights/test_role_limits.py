"""The groups to which somebody's role is limited, in their archive and after an erasure (D42)."""

import pytest

from people.access import standing_in
from people.models import RoleLimit
from people.selectors import learners_in
from people.services import appoint_staff, set_groups
from portal.rights.selectors import course_tables
from portal.rights.services import erase_account
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def limited():
    """An assistant of the Monday group, and the course."""
    course, person = make.make_course(), make.make_user(username="omar")
    author = make.make_user(is_staff=True, is_superuser=True)
    order = {"course": course, "author": author, "now": make.NOW}
    set_groups(learner_id=make.enroll(course=course).pk, names=["Monday"], **order)
    appoint_staff(username="omar", role="assistant", groups=["Monday"], reason="helps", **order)
    return person, course


def test_an_archive_has_the_groups_of_a_role(limited):
    person, course = limited
    assert dict(course_tables(person.pk, None))["groups_of_role"] == [
        {"enrollment__course__slug": course.slug, "groups__name": "Monday"}
    ]


def test_erasing_an_assistant_removes_the_groups_and_leaves_nobody_in_sight(limited):
    person, course = limited
    erase_account(user_id=person.pk, actor=person, reason="I asked.", now=make.NOW)
    assert not RoleLimit.groups.through.objects.exists()
    sight = standing_in(person, course.pk).sight
    assert list(learners_in(course.pk, sight=sight)) == []
