"""The first page of those who teach: their courses, and Django's admin for accounts that open it."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from people.models import Enrollment
from people.rules.roles import ROLES
from people.selectors import staff_of
from records.models import AuditEntry
from tests import factories as make
from tests.portal.workplace.people import instructor_of, staff_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ROLES)
def test_a_role_alone_opens_the_list_of_its_courses_and_no_records(client, role):
    course, other = make.make_course(), make.make_course()
    client.force_login(staff_in(course, role, is_staff=False))
    answer = client.get("/admin/")
    page = answer.content.decode()
    assert (answer.status_code, "Records" in page) == (200, False)
    assert [slug for slug in (course.slug, other.slug) if f"/admin/courses/{slug}/" in page] == [course.slug]
    assert client.get(reverse("admin:course_enrollment_changelist")).status_code == 302


def test_an_account_that_opens_the_admin_finds_the_records_below_its_courses(client):
    course = make.make_course()
    client.force_login(instructor_of(course))
    page = client.get("/admin/").content.decode()
    assert (f"/admin/courses/{course.slug}/" in page, reverse("admin:course_enrollment_changelist") in page) == (
        True,
        True,
    )


def test_a_learner_and_a_visitor_are_asked_to_sign_in(client):
    assert client.get("/admin/").status_code == 302
    client.force_login(make.enroll(course=make.make_course()))
    assert client.get("/admin/").status_code == 302


def test_an_upgrade_ends_the_roles_that_gave_no_rights_and_no_others():
    course = make.make_course()
    kept = [instructor_of(course), make.make_user(is_superuser=True), make.enroll(course=course)]
    Enrollment.objects.create(user=kept[1], course=course, role="instructor", enrolled_at=make.NOW)
    shut_out = make.enroll(course=course, role="assistant")
    migration = import_module("course.migrations.0036_roles_alone")
    for _ in range(2):
        migration.end_roles_without_rights(apps, SimpleNamespace(connection=connection))
    assert {row.user for row in staff_of(course.pk)} == set(kept[:2])
    assert Enrollment.objects.filter(unenrolled_at=None).count() == 3
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.target, entry.details) == (
        "dismiss_assistant",
        None,
        f"user:{shut_out.pk}",
        {"username": shut_out.username},
    )
    assert "its role gave no rights" in entry.reason
