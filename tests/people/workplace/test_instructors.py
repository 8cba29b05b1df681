"""Appointing, inviting and dismissing staff of a course: with a reason, in the audit, and undone by superusers."""

import re

import pytest
from django.urls import reverse

from accounts.models import User
from people.models import PersonalInvitation
from quizzes.services import save_draft
from records.models import AuditEntry
from tests import factories as make
from tests.portal.workplace.people import instructor_of, staff_in

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
    assert (ines.is_staff, client.get(reverse("dashboard", args=[course.slug])).status_code) == (False, 200)
    client.force_login(admin)
    assert (act(client, course, "ines", do="dismiss"), names(client, course)) == (302, [])
    client.force_login(ines)
    assert client.get(reverse("dashboard", args=[course.slug])).status_code == 404
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


def test_no_field_of_the_forms_is_called_optional(client, course, admin):
    page = client.get(reverse("instructors", args=[course.slug])).content.decode()
    assert (page.count("(optional)"), page.count('class="field-label"')) == (0, 6)


def test_the_forms_propose_no_role_that_gives_and_takes_roles(client, course, admin):
    page = client.get(reverse("instructors", args=[course.slug])).content.decode()
    assert (page.count('value="assistant" selected'), page.count('value="instructor" selected')) == (2, 0)


def test_the_page_promises_only_the_audit_for_the_reason_of_a_role(client, course, admin):
    page = client.get(reverse("instructors", args=[course.slug])).content.decode()
    assert ("The audit keeps this reason." in page, "learners can read" in page) == (True, False)


def test_an_instructor_of_another_course_keeps_that_role(client, course, admin):
    other = make.make_course()
    teacher = instructor_of(other, is_staff=False)
    act(client, course, teacher.username)
    act(client, course, teacher.username, do="dismiss")
    client.force_login(teacher)
    assert [client.get(reverse("dashboard", args=[each.slug])).status_code for each in (course, other)] == [404, 200]


def test_what_cannot_be_is_refused(client, course, admin):
    learner = make.enroll(course=course)
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    save_draft(learner=learner, question_id=question.pk, response="1", revision=0, now=make.NOW)
    assert act(client, course, "nobody") == 400
    assert act(client, course, learner.username) == 400
    assert act(client, course, make.make_user().username, reason=" ") == 400
    assert act(client, course, learner.username, do="dismiss") == 400
    assert (AuditEntry.objects.count(), names(client, course)) == (0, [])


def test_an_instructor_appoints_and_dismisses_colleagues(client, course):
    teacher, other = instructor_of(course, is_staff=False), make.make_user()
    client.force_login(teacher)
    assert act(client, course, other.username) == 302
    assert set(names(client, course)) == {teacher.username, other.username}
    assert (act(client, course, other.username, do="dismiss"), names(client, course)) == (302, [teacher.username])
    assert act(client, course, teacher.username, do="dismiss") == 400
    assert names(client, course) == [teacher.username]


@pytest.mark.parametrize("role", ["assistant", "author", "observer"])
def test_no_other_role_opens_the_page_or_changes_anything(client, course, role):
    client.force_login(staff_in(course, role, is_staff=False))
    other = make.make_user()
    assert client.get(reverse("instructors", args=[course.slug])).status_code == 403
    assert (act(client, course, other.username), act(client, course, other.username, do="dismiss")) == (403, 403)
    assert AuditEntry.objects.count() == 0


def test_an_administrator_reads_who_appointed_whom_and_undoes_it_on_the_page(client, course):
    teacher = instructor_of(course, is_staff=False)
    make.make_user(username="omar")
    client.force_login(teacher)
    act(client, course, "omar")
    url = reverse("instructors", args=[course.slug])
    assert 'value="undo"' not in client.get(url).content.decode()
    entry = AuditEntry.objects.get()
    undo = {"do": "undo", "entry": entry.pk}
    assert (client.post(url, undo).status_code, set(names(client, course))) == (400, {teacher.username, "omar"})
    client.force_login(make.make_user(is_superuser=True))
    page = client.get(url).content.decode()
    assert ("She wrote the course." in page, 'value="undo"' in page) == (True, True)
    assert (client.post(url, undo).status_code, names(client, course)) == (302, [teacher.username])
    assert client.post(url, undo).status_code == 400
    assert client.post(url, {"do": "undo", "entry": "one"}).status_code == 404


def test_the_changes_name_a_colleague_as_the_list_does_also_after_the_end(client, course):
    client.force_login(instructor_of(course, is_staff=False))
    make.make_user(username="omar")
    page = reverse("instructors", args=[course.slug])
    assert act(client, course, "omar") == 302
    assert [change["name"] for change in client.get(page).context["changes"]] == ["Omar (omar)"]
    assert act(client, course, "omar", do="dismiss") == 302
    assert {change["name"] for change in client.get(page).context["changes"]} == {"Omar (omar)"}
    assert '<th scope="row">Omar (omar)</th>' in client.get(page).content.decode()


def test_a_colleague_is_invited_by_email_on_the_page(client, course):
    client.force_login(instructor_of(course, is_staff=False))
    url = reverse("instructors", args=[course.slug])
    sent = {"do": "invite", "email": "Omar@example.org", "role": "assistant", "reason": "Helps this term."}
    assert client.post(url, {**sent, "email": "omar"}).status_code == 400
    assert client.post(url, {**sent, "role": "learner"}).status_code == 400
    assert client.post(url, sent).status_code == 302
    invitation = PersonalInvitation.objects.get()
    assert (invitation.email, invitation.role) == ("omar@example.org", "assistant")
    again = client.post(url, sent)
    assert (again.status_code, "less than an hour ago" in again.content.decode()) == (400, True)


def test_the_page_of_somebody_of_the_class_leads_to_giving_them_a_role(client, course):
    client.force_login(instructor_of(course, is_staff=False))
    learner = make.enroll(course=course, user=make.make_user(username="mia+lab@example.org"))
    page = client.get(reverse("membership", args=[course.slug, learner.pk])).content.decode()
    (link,) = re.findall(r'href="([^"]+instructors/[^"]+)"', page)
    shown = client.get(link).content.decode()
    assert 'value="mia+lab@example.org"' in shown
    assert client.get(reverse("instructors", args=[course.slug]), {"user": "mia"}).status_code == 400
    assert act(client, course, learner.username) == 302
    assert "before: Learner" in " ".join(
        client.get(reverse("instructors", args=[course.slug])).content.decode().split()
    )
