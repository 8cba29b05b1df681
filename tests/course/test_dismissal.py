"""Enrolling never grants a role, and leaving never ends one: administrators do, and the audit says so."""

import pytest
from django.urls import reverse

from course import services
from course.access import course_taught, teaches
from course.models import AuditEntry, Enrollment
from foundation.refusals import Refusal
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
    services.appoint_instructor(course=course, username="ines", author=admin, reason="new here", now=NOW)
    user.refresh_from_db()
    return user


def dismiss(course, admin, user):
    services.dismiss_instructor(course=course, username=user.username, author=admin, reason="left", now=NOW)
    user.refresh_from_db()


def by_service(user, course, client):
    return services.enroll(user=user, course=course, now=NOW)[0].role


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
    assert teaches(teacher.pk, course.pk) is False
    with pytest.raises(Refusal, match="couldn’t find"):
        course_taught(teacher, course.slug)
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
    services.unenroll(user=learner, course=course, now=NOW)
    assert services.enroll(user=learner, course=course, now=NOW)[0].role == "learner"
    assert AuditEntry.objects.count() == 0


def test_an_instructor_cannot_leave_by_the_service_the_page_or_the_api(course, teacher, client):
    with pytest.raises(Refusal) as refused:
        services.unenroll(user=teacher, course=course, now=NOW)
    assert refused.value.code == "teaches_the_course"
    client.force_login(teacher)
    answer = client.delete(f"/api/v1/courses/{course.slug}/enrollment/")
    assert (answer.status_code, answer.json()["code"]) == (409, "teaches_the_course")
    page = client.post(reverse("unenroll", args=[course.slug]))
    assert (page.status_code, b"remove you" in page.content) == (409, True)
    assert teaches(teacher.pk, course.pk) is True
    assert b"Leave this course" not in client.get(reverse("course", args=[course.slug])).content


def test_a_learner_of_the_course_sees_how_to_leave_it(course, client):
    client.force_login(make.enroll(course=course))
    assert b"Leave this course" in client.get(reverse("course", args=[course.slug])).content


def test_only_an_administrator_appoints_a_dismissed_instructor_again(course, admin, teacher):
    dismiss(course, admin, teacher)
    services.appoint_instructor(course=course, username="ines", author=admin, reason="back", now=NOW)
    assert teaches(teacher.pk, course.pk) is True


def test_a_former_instructor_who_takes_the_course_is_not_appointed(course, admin, teacher):
    dismiss(course, admin, teacher)
    services.enroll(user=teacher, course=course, now=NOW)
    with pytest.raises(Refusal) as refused:
        services.appoint_instructor(course=course, username="ines", author=admin, reason="back", now=NOW)
    assert refused.value.code == "takes_the_course"
