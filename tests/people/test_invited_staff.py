"""Invitations by email to work in a course: who may send them, and what accepting one gives."""

import pytest
from django.urls import reverse

from course.models import Course
from mail.models import Mail
from people.models import Enrollment, PersonalInvitation
from people.selectors import limit_of
from people.selectors.inviting import invitation_token
from people.services import appoint_staff, invite_staff, resend_invitation, set_groups
from people.services.inviting import add_to_invitation
from quizzes.services import save_draft
from records.models import AuditEntry
from tests import factories as make
from tests.people.test_inviting import HOUR, NOW, accept, account, invite, refused, send
from tests.smtp import mail_host, mailers_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def box(settings):
    with mail_host() as box:
        settings.MAILERS = mailers_at(box)
        yield box


@pytest.fixture
def course():
    return make.make_course(title="Vector calculus")


@pytest.fixture
def teacher(course):
    return make.enroll(course=course, user=make.make_user(username="grace"), role="instructor")


def invite_colleague(course, teacher, role="assistant", now=NOW, email="Ada@Example.org"):
    return invite_staff(course=course, email=email, role=role, author=teacher, reason="helps", now=now)


@pytest.mark.parametrize("visibility", ["listed", "hidden"])
def test_a_colleague_accepts_the_role_of_an_invitation_even_in_a_hidden_course(course, teacher, box, visibility):
    Course.objects.update(visibility=visibility)
    invite_colleague(Course.objects.get(), teacher)
    assert (send(), box.recipients) == (1, ["ada@example.org"])
    plain = box.received[0].message.get_payload()[0].get_payload(decode=True).decode()
    assert "to work in it as an assistant" in plain
    ada = account()
    enrollment = accept(ada)
    assert (enrollment.role, accept(ada).pk) == ("assistant", enrollment.pk)
    entries = AuditEntry.objects.order_by("pk").values_list("action", "actor", "reason")
    assert list(entries) == [
        ("invite_person", teacher.pk, "helps"),
        ("appoint_assistant", teacher.pk, "Accepted an invitation by email."),
        ("accept_invitation", ada.pk, ""),
    ]


@pytest.mark.parametrize("role", ["assistant", "author", "observer", "learner"])
def test_only_those_who_may_give_the_role_invite_to_it(course, role):
    person = make.enroll(course=course, role=role)
    assert refused(lambda: invite_colleague(course, person, "observer")) == "role_insufficient"
    assert not PersonalInvitation.objects.exists()


@pytest.mark.parametrize("role", ["learner", "owner", ""])
def test_no_other_role_is_offered_by_mail(course, teacher, role):
    assert refused(lambda: invite_colleague(course, teacher, role)) == "role_unknown"


def test_an_invitation_to_a_role_ends_with_the_rights_of_its_author(course, teacher):
    invite_colleague(course, teacher, "instructor")
    Enrollment.objects.filter(user=teacher).update(role="assistant")
    ada = account()
    assert refused(lambda: accept(ada)) == "invitation_withdrawn"
    assert not Enrollment.objects.filter(user=ada).exists()


def test_somebody_who_works_in_the_course_as_a_learner_cannot_accept_another_role(course, teacher):
    invite_colleague(course, teacher)
    ada = account()
    make.enroll(course=course, user=ada)
    question = make.make_review(course=course, kinds=["numeric"]).questions.get()
    save_draft(learner=ada, question_id=question.pk, response="1", revision=0, now=NOW)
    assert refused(lambda: accept(ada)) == "takes_the_course"
    assert Enrollment.objects.get(user=ada).role == "learner"


def test_an_open_invitation_as_a_learner_becomes_one_to_a_role_and_counts_as_mail(course, teacher):
    invite(course, teacher)
    assert refused(lambda: invite_colleague(course, teacher)) == "invitation_just_mailed"
    invite_colleague(course, teacher, now=NOW + HOUR)
    assert (PersonalInvitation.objects.get().role, Mail.objects.count()) == ("assistant", 2)
    assert invite(course, teacher, now=NOW + 2 * HOUR) == ["invited"]  # a class list changes no role
    assert PersonalInvitation.objects.get().role == "assistant"


def test_an_invitation_to_a_role_is_sent_again_only_by_those_who_may_give_it(course, teacher):
    invitation = invite_colleague(course, teacher)
    again = {"course": course, "invitation_id": invitation.pk, "now": NOW + HOUR}
    observer = make.enroll(course=course, role="observer")
    assert refused(lambda: resend_invitation(author=observer, **again)) == "role_insufficient"
    assert resend_invitation(author=teacher, **again).role == "assistant"


def test_nobody_is_invited_to_work_in_an_archived_course_or_without_a_mail_server(course, teacher, settings):
    Course.objects.update(archived_at=NOW)
    assert refused(lambda: invite_colleague(Course.objects.get(), teacher)) == "course_archived"
    Course.objects.update(archived_at=None)
    settings.MAILERS = {"default": {"BACKEND": settings.MAILER_THAT_SENDS_NOTHING}}
    assert refused(lambda: invite_colleague(Course.objects.get(), teacher)) == "no_mail_server"


def test_an_invitation_may_limit_its_role_to_groups_and_a_message_again_keeps_the_limit(course, teacher, box):
    learner = make.enroll(course=course)
    names = ["Monday", "Tuesday"]
    set_groups(course=course, learner_id=learner.pk, names=names, author=teacher, now=NOW)
    order = {"course": course, "role": "assistant", "author": teacher, "reason": "helps"}
    invitation = invite_staff(email="ada@example.org", groups=names, now=NOW, **order)
    resend_invitation(course=course, invitation_id=invitation.pk, author=teacher, now=NOW + 2 * HOUR)
    send()
    plain = box.received[0].message.get_payload()[0].get_payload(decode=True).decode()
    assert "as an assistant for the groups Monday, Tuesday" in plain
    assert limit_of(accept(account())) == names


def test_an_open_invitation_keeps_its_limit_until_somebody_ends_it_on_purpose(course, teacher, box):
    learner = make.enroll(course=course)
    set_groups(course=course, learner_id=learner.pk, names=["Monday"], author=teacher, now=NOW)
    order = {"course": course, "role": "assistant", "email": "ada@example.org", "author": teacher, "reason": "helps"}
    invitation = invite_staff(groups=["Monday"], now=NOW, **order)
    add_to_invitation(invitation=invitation, groups=["Tuesday"])
    assert PersonalInvitation.objects.get().groups == ["Monday"]
    assert refused(lambda: invite_staff(now=NOW + 2 * HOUR, **order)) == "limit_unstated"
    assert PersonalInvitation.objects.get().groups == ["Monday"]
    invite_staff(whole_class=True, now=NOW + 2 * HOUR, **order)
    assert PersonalInvitation.objects.get().groups == []
    assert limit_of(accept(account(), now=NOW + 3 * HOUR)) is None


def limited_person(course, teacher, role="assistant"):
    """Somebody whose role is limited to the Monday group of the course."""
    ada = account()
    learner = make.enroll(course=course)
    set_groups(course=course, learner_id=learner.pk, names=["Monday", "Tuesday"], author=teacher, now=NOW)
    order = {"course": course, "author": teacher, "reason": "helps", "now": NOW}
    appoint_staff(username=ada.username, role=role, groups=["Monday"], **order)
    return ada


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("assistant", ["appoint_assistant", "invite_person", "accept_invitation"]),
        ("observer", ["appoint_observer", "invite_person", "appoint_assistant", "accept_invitation"]),
    ],
)
@pytest.mark.parametrize("whole_class", [False, True])
def test_an_invitation_without_groups_keeps_the_limit_of_a_limited_person_and_the_audit_has_it(
    course, teacher, role, actions, whole_class
):
    ada = limited_person(course, teacher, role)
    order = {"course": course, "role": "assistant", "email": "ada@example.org", "author": teacher, "reason": "helps"}
    invite_staff(now=NOW, whole_class=whole_class, **order)
    enrollment = accept(ada)
    assert (enrollment.role, limit_of(enrollment)) == ("assistant", ["Monday"])
    entries = AuditEntry.objects.exclude(action="set_groups").order_by("pk")
    assert list(entries.values_list("action", flat=True)) == actions
    assert entries.last().details["groups"] == "Monday"


def test_an_invitation_to_other_groups_replaces_the_limit(course, teacher):
    ada = limited_person(course, teacher)
    order = {"course": course, "role": "assistant", "email": "ada@example.org", "author": teacher, "reason": "helps"}
    invite_staff(now=NOW, groups=["Tuesday"], **order)
    assert limit_of(accept(ada)) == ["Tuesday"]
    assert AuditEntry.objects.filter(action="appoint_assistant").last().details["groups_before"] == "Monday"


def test_an_invitation_to_a_role_that_no_limit_fits_ends_it_and_the_audit_has_it(course, teacher):
    ada = limited_person(course, teacher)
    invite_colleague(course, teacher, "author")
    assert limit_of(accept(ada)) is None
    assert AuditEntry.objects.get(action="appoint_author").details["groups_before"] == "Monday"


def test_the_page_of_an_invitation_says_which_learners_the_person_will_see(course, teacher, client):
    ada = limited_person(course, teacher)
    invitation = invite_colleague(course, teacher)
    where = reverse("invited", args=[invitation_token(invitation)])
    assert "Your role: Assistant." in " ".join(client.get(where).content.decode().split())
    client.force_login(ada)
    assert "Your role: Assistant for the Monday group." in " ".join(client.get(where).content.decode().split())
    answer = client.post(where, follow=True)
    assert "You now have a role in “Vector calculus”: Assistant for the Monday group." in answer.content.decode()
