"""Appointing and dismissing instructors: only superusers, with a reason, in the audit."""

import pytest
from django.urls import reverse

from accounts.models import User
from records.models import AuditEntry
from tests import factories as make
from tests.portal.workplace.people import instructor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course()


@pytest.fixture
def admin(client):
    person = make.make_user(is_staff=True, is_superuser=True)
    client.force_login(person)
    return person


def act(client, course, username, *, do="appoint", reason="She wrote the course."):
    url = reverse("instructors", args=[course.slug])
    said = {"username": username, "role": "instructor", "do": do, "reason": reason}
    return client.post(url, said).status_code


def names(client, course):
    page = client.get(reverse("instructors", args=[course.slug]))
    return [row.user.username for row in page.context["rows"]]


def test_an_account_is_appointed_works_there_and_is_dismissed(client, course, admin):
    make.make_user(username="ines")
    assert (act(client, course, "ines"), act(client, course, "ines"), names(client, course)) == (302, 302, ["ines"])
    ines = User.objects.get(username="ines")
    client.force_login(ines)
    assert (ines.is_staff, client.get(reverse("dashboard", args=[course.slug])).status_code) == (True, 200)
    client.force_login(admin)
    assert (act(client, course, "ines", do="dismiss"), names(client, course)) == (302, [])
    client.force_login(ines)
    assert client.get(reverse("dashboard", args=[course.slug])).status_code == 404
    assert User.objects.get(username="ines").is_staff is False
    found = AuditEntry.objects.order_by("pk").values_list("action", "actor", "details")
    assert list(found) == [
        ("appoint_instructor", admin.pk, {"username": "ines"}),
        ("dismiss_instructor", admin.pk, {"username": "ines"}),
    ]


def test_an_administrator_gives_a_role_and_replaces_it_on_the_page(client, course, admin):
    make.make_user(username="omar")
    url, shown = reverse("instructors", args=[course.slug]), []
    for role in ("assistant", "observer"):
        said = {"username": "omar", "do": "appoint", "reason": "Helps this term.", "role": role}
        assert client.post(url, said).status_code == 302
        shown += [[row.role for row in client.get(url).context["rows"]]]
    assert shown == [["assistant"], ["observer"]]
    assert "<td>Observer</td>" in client.get(url).content.decode()
    assert [client.post(url, {**said, "role": role}).status_code for role in ("learner", "")] == [400, 400]
    found = AuditEntry.objects.order_by("pk").values_list("action", "details")
    assert list(found) == [
        ("appoint_assistant", {"username": "omar"}),
        ("appoint_observer", {"username": "omar", "role_before": "assistant"}),
    ]


def test_no_field_of_the_form_is_called_optional(client, course, admin):
    page = client.get(reverse("instructors", args=[course.slug])).content.decode()
    assert (page.count("(optional)"), page.count('class="field-label"')) == (0, 3)


def test_the_page_promises_only_the_audit_for_the_reason_of_a_role(client, course, admin):
    page = client.get(reverse("instructors", args=[course.slug])).content.decode()
    assert ("The audit keeps this reason." in page, "learners can read" in page) == (True, False)


def test_an_instructor_of_another_course_stays_staff(client, course, admin):
    teacher = instructor_of(make.make_course())
    act(client, course, teacher.username)
    act(client, course, teacher.username, do="dismiss")
    assert User.objects.get(pk=teacher.pk).is_staff is True


def test_what_cannot_be_is_refused(client, course, admin):
    learner = make.enroll(course=course)
    assert act(client, course, "nobody") == 400
    assert act(client, course, learner.username) == 400
    assert act(client, course, make.make_user().username, reason=" ") == 400
    assert act(client, course, learner.username, do="dismiss") == 400
    assert (AuditEntry.objects.count(), names(client, course)) == (0, [])


def test_instructors_see_the_list_and_change_nothing(client, course):
    teacher, other = instructor_of(course), make.make_user()
    client.force_login(teacher)
    assert names(client, course) == [teacher.username]
    assert (act(client, course, other.username), act(client, course, teacher.username, do="dismiss")) == (403, 403)
    assert names(client, course) == [teacher.username]
