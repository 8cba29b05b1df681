"""Invitations used at once: a link for a few people by many, and one by email by its person and by instructors."""

from datetime import timedelta

from allauth.account.models import EmailAddress

from course.refusals import Refusal
from mail.models import Mail
from people.models import Enrollment, Invitation, PersonalInvitation
from people.rules.roster import read_roster
from people.selectors import invitation_token
from people.services import accept_invitation, apply_roster, create_invitation, enroll, plan_roster, withdraw_invitation
from tests import factories as make
from tests.races.running import CROWD, in_threads

SEATS = 5


def test_sixteen_people_share_a_link_for_five():
    course = make.make_course()
    people = [make.make_user() for _ in range(CROWD)]
    link = create_invitation(
        course=course, author=people[0], now=make.NOW, note="five", expires_at=None, most_uses=SEATS
    )

    def join(number):
        try:
            enroll(user=people[number], course=course, now=make.NOW, invitation=link.token)
        except Refusal as refusal:
            return refusal.code
        return "joined"

    told = in_threads(join)
    assert (told.count("joined"), told.count("invitation_used_up")) == (SEATS, CROWD - SEATS)
    assert (Invitation.objects.get().uses, Enrollment.objects.count()) == (SEATS, SEATS)


def test_instructors_who_apply_one_list_at_once_mail_each_person_once():
    course, rows = make.make_course(), read_roster("email\nada@example.org\nbob@example.org\n").rows
    authors = [make.make_user(is_staff=True) for _ in range(CROWD)]
    expected = plan_roster(course=course, rows=rows, inviting_at=make.NOW).digest

    def apply(number):
        said = {"course": course, "rows": rows, "author": authors[number], "now": make.NOW, "invites": True}
        try:
            apply_roster(expected=expected, **said)
        except Refusal as refusal:
            return refusal.code
        return "applied"

    told = in_threads(apply)
    assert (told.count("applied"), told.count("roster_stale")) == (1, CROWD - 1)
    assert (PersonalInvitation.objects.count(), Mail.objects.count()) == (2, 2)


def test_one_person_accepts_while_an_instructor_withdraws_and_one_of_them_is_told_so():
    course, author = make.make_course(), make.make_user(is_staff=True)
    ada = make.make_user()
    EmailAddress.objects.create(user=ada, email="ada@example.org", verified=True, primary=True)
    facts = {"course": course, "author": author, "created_at": make.NOW, "expires_at": make.NOW + timedelta(days=1)}
    invitation = PersonalInvitation.objects.create(email="ada@example.org", **facts)

    def act(number):
        try:
            if number % 2:
                one = {"course": course, "invitation_id": invitation.pk, "author": author, "now": make.NOW}
                withdraw_invitation(**one)
            else:
                accept_invitation(user=ada, token=invitation_token(invitation), name="", now=make.NOW)
        except Refusal as refusal:
            return refusal.code
        return "done"

    told = in_threads(act)
    found = PersonalInvitation.objects.get()
    refused = "invitation_withdrawn" if found.withdrawn_at else "invitation_accepted"
    assert (told.count("done"), told.count(refused)) == (CROWD / 2, CROWD / 2)
    assert Enrollment.objects.filter(user=ada).count() == (found.accepted_at is not None)
