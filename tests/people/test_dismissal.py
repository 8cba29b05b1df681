"""Enrolling never grants a role, and leaving never ends one: administrators do, and the audit says so."""

import pytest
from django.urls import reverse

from foundation.refusals import Refusal
from people.access import course_with_permission
from people.models import Enrollment
from people.rules.roles import ROLES, Permission
from people.selectors import staff_of
from people.services import appoint_staff, dismiss_staff, enroll, unenroll
from records.models import AuditEntry
from tests import factories as make

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def admin():
    return make.make_user(is_staff=True, is_superuser=True)


@pytest.fixture
def teacher(course, admin):
    user = make.make_user(username="ines")
    appoint_staff(course=course, username="ines", role="instructor", author=admin, reason="new here", now=NOW)
    user.refresh_from_db()
    return user


def dismiss(course, admin, user):
    dismiss_staff(course=course, username=user.username, author=admin, reason="left", now=NOW)
    user.refresh_from_db()


def by_service(user, course, client):
    return enroll(user=user, course=course, now=NOW)[0].role


def by_page(user, course, client):
    client.force_login(user)
    assert client.post(reverse("enroll", args=[course.slug]), {"name": "Ines"}).status_code == 302
    return Enrollment.objects.get(user=user, course=course).role


def by_api(user, course, client):
    client.force_login(user)
    return client.post(f"/api/v1/courses/{course.slug}/enrollment/", {}, content_type="application/json").json()["role"]


WAYS = pytest.mark.parametrize("enroll", [by_service, by_page, by_api])


@WAYS
def test_a_dismissed_instructor_who_enrolls_is_a_learner(course, admin, teacher, client, enroll):
    dismiss(course, admin, teacher)
    assert enroll(teacher, course, client) == "learner"
    assert Enrollment.objects.get(user=teacher).is_learner is True
    assert staff_of(course.pk) == []
    with pytest.raises(Refusal, match="couldn’t find"):
        course_with_permission(teacher, course.slug, Permission.SEE_GRADES)
    assert client.get(reverse("dashboard", args=[course.slug])).status_code in (302, 404)
    entries = AuditEntry.objects.order_by("pk").values_list("action", "actor", "target")
    target = f"user:{teacher.pk}"
    assert list(entries) == [
        ("appoint_instructor", admin.pk, target),
        ("dismiss_instructor", admin.pk, target),
        ("enroll_dismissed_instructor", teacher.pk, target),
    ]


@WAYS
def test_an_instructor_who_enrolls_stays_instructor_and_nothing_is_stored(course, teacher, client, enroll):
    before = list(Enrollment.objects.values())
    assert enroll(teacher, course, client) == "instructor"
    assert list(Enrollment.objects.values()) == before
    assert AuditEntry.objects.count() == 1


def test_a_learner_who_comes_back_is_a_learner_and_needs_no_audit(course):
    learner = make.enroll(course=course)
    unenroll(user=learner, course=course, now=NOW)
    assert enroll(user=learner, course=course, now=NOW)[0].role == "learner"
    assert AuditEntry.objects.count() == 0


def test_an_instructor_cannot_leave_by_the_service_the_page_or_the_api(course, teacher, client):
    with pytest.raises(Refusal) as refused:
        unenroll(user=teacher, course=course, now=NOW)
    assert refused.value.code == "teaches_the_course"
    client.force_login(teacher)
    answer = client.delete(f"/api/v1/courses/{course.slug}/enrollment/")
    assert (answer.status_code, answer.json()["code"]) == (409, "teaches_the_course")
    page = client.post(reverse("unenroll", args=[course.slug]))
    assert (page.status_code, b"remove you" in page.content) == (409, True)
    assert [row.user for row in staff_of(course.pk)] == [teacher]
    assert b"Leave this course" not in client.get(reverse("course", args=[course.slug])).content


def test_a_learner_of_the_course_sees_how_to_leave_it(course, client):
    client.force_login(make.enroll(course=course))
    assert b"Leave this course" in client.get(reverse("course", args=[course.slug])).content


def test_only_an_administrator_appoints_a_dismissed_instructor_again(course, admin, teacher):
    dismiss(course, admin, teacher)
    appoint_staff(course=course, username="ines", role="instructor", author=admin, reason="back", now=NOW)
    assert [row.user for row in staff_of(course.pk)] == [teacher]


def test_a_former_instructor_who_takes_the_course_is_not_appointed(course, admin, teacher):
    dismiss(course, admin, teacher)
    enroll(user=teacher, course=course, now=NOW)
    with pytest.raises(Refusal) as refused:
        appoint_staff(course=course, username="ines", role="instructor", author=admin, reason="back", now=NOW)
    assert refused.value.code == "takes_the_course"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_given_replaced_and_ended_and_the_audit_says_by_whom(course, admin, role):
    user = make.make_user(username="omar")
    said = {"course": course, "username": "omar", "author": admin, "reason": "for the term", "now": NOW}
    appoint_staff(role=role, **said)
    appoint_staff(role=role, **said)  # again changes nothing
    other = next(each for each in ROLES if each != role)
    appoint_staff(role=other, **said)
    assert [(row.user, row.role) for row in staff_of(course.pk)] == [(user, other)]
    user.refresh_from_db()
    assert user.is_staff is True
    dismiss(course, admin, user)
    assert (staff_of(course.pk), user.is_staff) == ([], False)
    assert enroll(user=user, course=course, now=NOW)[0].role == "learner"
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "actor", "details")) == [
        (f"appoint_{role}", admin.pk, {"username": "omar"}),
        (f"appoint_{other}", admin.pk, {"username": "omar", "role_before": role}),
        (f"dismiss_{other}", admin.pk, {"username": "omar"}),
        (f"enroll_dismissed_{other}", user.pk, {"username": "omar"}),
    ]


@pytest.mark.parametrize("role", ["learner", "owner", ""])
def test_no_other_role_can_be_given(course, admin, role):
    make.make_user(username="omar")
    with pytest.raises(Refusal) as refused:
        appoint_staff(course=course, username="omar", role=role, author=admin, reason="for the term", now=NOW)
    assert (refused.value.code, Enrollment.objects.count()) == ("role_unknown", 0)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_with_a_role_can_give_one(course, role):
    person = make.enroll(course=course, user=make.make_user(is_staff=True), role=role)
    make.make_user(username="omar")
    said = {"course": course, "username": "omar", "author": person, "reason": "for the term", "now": NOW}
    for act in (lambda: appoint_staff(role="observer", **said), lambda: dismiss_staff(**said)):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "not_permitted"
