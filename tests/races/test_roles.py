"""An administrator dismisses or appoints while the person enrolls or leaves: the role matches the audit."""

import pytest

from accounts.models import User
from people.models import Enrollment
from people.selectors import staff_of
from people.services import appoint_staff, dismiss_staff, enroll
from records.models import AuditEntry
from tests import factories as make
from tests.races.running import counted, in_threads

NOW = make.NOW
CROWD = 8


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def said(course):
    return {
        "course": course,
        "username": "ines",
        "reason": "r",
        "now": NOW,
        "author": make.make_user(is_superuser=True),
    }


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize("dismissals", [1, 4])
def test_nobody_enrolls_back_into_a_role_that_is_being_ended(course, said, dismissals):
    user = make.make_user(username="ines")
    appoint_staff(role="instructor", **said)

    def act(number):
        if number < dismissals:
            return dismiss_staff(**said)
        return enroll(user=user, course=course, now=NOW)

    expected = {"no_instructor": dismissals - 1, "ok": CROWD - dismissals + 1}
    assert counted(in_threads(act, CROWD)) == {name: number for name, number in expected.items() if number}
    assert staff_of(course.pk) == []
    enrollment = Enrollment.objects.get()
    assert enrollment.role == "learner" or enrollment.unenrolled_at is not None
    assert actions().count("dismiss_instructor") == 1
    assert actions().count("enroll_dismissed_instructor") == (enrollment.role == "learner")


def test_enrolling_during_an_appointment_gives_one_role_and_the_audit_agrees(course, said):
    user = make.make_user(username="ines")

    def act(number):
        if number % 2:
            return appoint_staff(role="instructor", **said)
        return enroll(user=user, course=course, now=NOW)

    in_threads(act, CROWD)
    enrollment = Enrollment.objects.get()
    is_appointed = enrollment.role == "instructor"
    assert actions() == ["appoint_instructor"] * is_appointed
    assert User.objects.get(username="ines").is_staff is False


def test_enrolling_during_a_second_appointment_leaves_one_role(course, said):
    user = make.make_user(username="ines")
    appoint_staff(role="instructor", **said)
    dismiss_staff(**said)

    def act(number):
        if number % 2:
            return appoint_staff(role="instructor", **said)
        return enroll(user=user, course=course, now=NOW)

    in_threads(act, CROWD)
    between = ["enroll_dismissed_instructor"] * actions().count("enroll_dismissed_instructor")
    assert actions() == ["appoint_instructor", "dismiss_instructor", *between, "appoint_instructor"]
    assert (len(between) <= 1, [row.user for row in staff_of(course.pk)]) == (True, [user])


def test_two_instructors_who_dismiss_each_other_leave_one_to_the_course(course):
    pair = [make.enroll(course=course, role="instructor") for _ in range(2)]

    def act(number):
        author, other = pair[number % 2], pair[1 - number % 2]
        return dismiss_staff(course=course, username=other.username, author=author, reason="r", now=NOW)

    outcomes = counted(in_threads(act, CROWD))
    assert outcomes.keys() <= {"ok", "last_instructor", "role_insufficient", "no_instructor"}
    assert (outcomes["ok"], len(staff_of(course.pk)), len(actions())) == (1, 1, 1)
