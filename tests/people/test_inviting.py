"""Invitations by email: the list that sends them, the message, and accepting, over a real socket."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from accounts.models import User
from course.models import Course
from course.refusals import Refusal
from foundation.queue import SEND_MAIL
from mail.models import Mail
from mail.rules.delivery import LEASE
from mail.services import send_due_mail
from people.models import Enrollment, LearnerGroup, PersonalInvitation
from people.rules.inviting import KEPT_UNACCEPTED, state_of_personal
from people.rules.roster import read_roster
from people.selectors import invitation_token, personal_invitations_of
from people.services import (
    accept_invitation,
    apply_roster,
    forget_invitations,
    inviting,
    plan_roster,
    remove_learner,
    resend_invitation,
    set_joining,
    unenroll,
    withdraw_invitation,
)
from records.models import AuditEntry
from tests import factories as make
from tests.smtp import mail_host, mailers_at
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
NOW, HOUR = make.NOW, timedelta(hours=1)
ONE = "email,name,group\nAda@Example.org,Ada Lovelace,Monday | Lab B\n"


@pytest.fixture(autouse=True)
def box(settings):
    with mail_host() as box:
        settings.MAILERS = mailers_at(box)
        yield box


@pytest.fixture
def author():
    return make.make_user(username="grace", is_staff=True)


@pytest.fixture
def course(author):
    return set_joining(course=make.make_course(title="Vector calculus"), way="closed", author=author, now=NOW)


def invite(course, author, text=ONE, now=NOW):
    rows = read_roster(text).rows
    plan = plan_roster(course=course, rows=rows, inviting_at=now)
    assert plan.mistakes == ()
    said = {"course": course, "rows": rows, "expected": plan.digest, "author": author, "now": now}
    apply_roster(invites=True, **said)
    return [found.kind for found in plan.fates]


def mistakes(course, text=ONE, now=NOW):
    plan = plan_roster(course=course, rows=read_roster(text).rows, inviting_at=now)
    return [(each.number, each.sentence) for each in plan.mistakes]


def send(at=NOW):
    return send_due_mail(clock=lambda: at)


def states(course, now=NOW):
    rows = personal_invitations_of(course.pk)
    return [state_of_personal(row, mailed=row.mailed, now=now).value for row in rows]


def account(email="ada@example.org", *, verified=True, **fields):
    user = make.make_user(**fields)
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return user


def accept(user, now=NOW):
    return accept_invitation(user=user, token=invitation_token(PersonalInvitation.objects.get()), name="", now=now)


def refused(act):
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.code


def test_the_invited_get_one_message_in_text_and_html_with_the_sites_name(course, author, box, settings):
    settings.SITE_NAME, settings.SITE_URL = "Maths at Example", "https://learn.example.org"
    Course.objects.update(timezone="Europe/Berlin")
    assert invite(Course.objects.get(), author) == ["invite"]
    assert (send(), send(), box.recipients) == (1, 0, ["ada@example.org"])
    letter = box.received[0].message
    assert letter["Subject"] == "[Maths at Example] Invitation to Vector calculus"
    assert letter["List-Unsubscribe"] is None
    plain, html = (part.get_payload(decode=True).decode() for part in letter.get_payload())
    link = f"https://learn.example.org/invited/{invitation_token(PersonalInvitation.objects.get())}/"
    until = (NOW + timedelta(days=14)).astimezone().strftime("%B %Y")
    assert (link in plain, f'href="{link}"' in html, until in plain, "(Europe/Berlin)" in plain) == (True,) * 4
    assert "Grace invites you to the course “Vector calculus” on Maths at Example." in plain
    assert states(course) == ["sent"]


def test_the_same_list_again_mails_nobody_and_only_adds_groups(course, author, box):
    invite(course, author)
    assert invite(course, author, now=NOW + timedelta(days=2)) == ["invited"]
    assert invite(course, author, "email,group\nada@example.org,Lab C\n") == ["invited"]
    assert (Mail.objects.count(), PersonalInvitation.objects.get().groups) == (1, ["Lab B", "Lab C", "Monday"])
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["set_joining", "invite_person", "import_roster", "import_roster"]


def test_an_invitation_is_told_alike_with_and_without_an_account(course, author):
    def told():
        plan = plan_roster(course=course, rows=read_roster(ONE).rows, inviting_at=NOW)
        return [(found.public_kind, found.member, found.added) for found in plan.fates], plan.digest, plan.mistakes

    before = told()
    account(username="lovelace")
    assert told() == before
    invite(course, author)
    assert Enrollment.objects.filter(role="learner").count() == 0


def test_an_account_with_the_address_accepts_into_a_closed_course_and_its_groups(course, author):
    invite(course, author)
    ada = account()
    enrollment = accept(ada)
    assert accept(ada) == enrollment
    assert (enrollment.is_learner, enrollment.name) == (True, "Ada Lovelace")
    assert sorted(enrollment.groups.values_list("name", flat=True)) == ["Lab B", "Monday"]
    assert states(course) == ["accepted"]
    entry = AuditEntry.objects.get(action="accept_invitation")
    assert (entry.actor, "ada" in str(entry.details)) == (ada, False)


def test_an_invitation_is_used_once_also_by_a_learner_who_left(course, author):
    invite(course, author)
    ada = account()
    accept(ada)
    unenroll(user=ada, course=course, now=NOW)
    assert refused(lambda: accept(ada)) == "invitation_accepted"


def test_one_message_to_the_queue_sends_the_invitations_of_a_whole_list(
    course, author, django_capture_on_commit_callbacks, monkeypatch
):
    woken = []
    monkeypatch.setattr("foundation.queue.current_app.send_task", lambda name, **_: woken.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        invite(course, author, "email\n" + "".join(f"a{place}@example.org\n" for place in range(20)))
    assert (Mail.objects.count(), woken) == (20, [SEND_MAIL])
    again = {"course": course, "invitation_id": PersonalInvitation.objects.first().pk, "author": author}
    with django_capture_on_commit_callbacks(execute=True):
        invite(course, author, "email,group\na0@example.org,Monday\n", now=NOW + HOUR)  # mails nobody
    assert woken == [SEND_MAIL]
    with django_capture_on_commit_callbacks(execute=True):
        resend_invitation(now=NOW + HOUR, **again)
    assert woken == [SEND_MAIL, SEND_MAIL]


def test_groups_exist_only_once_somebody_is_in_them(course, author):
    invite(course, author)
    assert LearnerGroup.objects.count() == 0


def test_the_link_confirms_the_address_of_the_account(course, author):
    invite(course, author)
    ada = account(verified=False)
    accept(ada)
    assert EmailAddress.objects.get(user=ada).verified is True


def test_a_link_that_was_passed_on_enrolls_nobody_else(course, author):
    invite(course, author)
    bob = account("bob@example.org")
    assert refused(lambda: accept(bob)) == "invitation_for_another"
    ada, squatter = account(), account(verified=False, username="squatter")
    assert refused(lambda: accept(squatter)) == "invitation_for_another"
    assert accept(ada).user == ada
    assert refused(lambda: accept(squatter)) == "invitation_accepted"
    assert EmailAddress.objects.get(user=squatter).verified is False


def test_a_withdrawn_invitation_is_neither_sent_nor_accepted(course, author, box):
    invite(course, author)
    row, ada = PersonalInvitation.objects.get(), account()
    for _ in range(2):
        withdraw_invitation(course=course, invitation_id=row.pk, author=author, now=NOW)
    assert (send(), box.received, states(course)) == (0, [], ["withdrawn"])
    assert refused(lambda: accept(ada)) == "invitation_withdrawn"
    resend = {"course": course, "invitation_id": row.pk, "author": author, "now": NOW + HOUR}
    assert refused(lambda: resend_invitation(**resend)) == "invitation_withdrawn"
    assert AuditEntry.objects.filter(action="withdraw_invitation").count() == 1


def test_an_expired_invitation_works_again_once_it_is_sent_again(course, author, box):
    invite(course, author)
    row, ada, end = PersonalInvitation.objects.get(), account(), NOW + timedelta(days=14)
    assert refused(lambda: accept(ada, end)) == "invitation_expired"
    assert states(course, end) == ["expired"]
    send(end)
    assert box.received == []
    resend_invitation(course=course, invitation_id=row.pk, author=author, now=end)
    assert (send(end), accept(ada, end).is_learner) == (1, True)
    withdraw = {"course": course, "invitation_id": row.pk, "author": author, "now": end}
    assert refused(lambda: withdraw_invitation(**withdraw)) == "invitation_accepted"


def test_an_expired_invitation_is_renewed_by_a_list(course, author):
    invite(course, author)
    assert invite(course, author, now=NOW + timedelta(days=14)) == ["invite"]
    assert (PersonalInvitation.objects.count(), Mail.objects.count()) == (1, 2)


def test_an_address_gets_one_message_in_an_hour_even_after_a_withdrawal(course, author):
    invite(course, author)
    row, soon = PersonalInvitation.objects.get(), NOW + HOUR - timedelta(seconds=1)
    one = {"course": course, "invitation_id": row.pk, "author": author}
    assert refused(lambda: resend_invitation(now=soon, **one)) == "invitation_just_mailed"
    withdraw_invitation(now=soon, **one)
    assert [number for number, _sentence in mistakes(course, now=soon)] == [2]
    assert mistakes(course, now=NOW + HOUR) == []


def test_a_course_mails_no_more_than_its_share_in_a_day(course, author, settings):
    settings.INVITATIONS_PER_DAY = 2
    three = "email\na@example.org\nb@example.org\nc@example.org\n"
    assert [number for number, _sentence in mistakes(course, three)] == [4]
    invite(course, author, "email\na@example.org\nb@example.org\n")
    assert len(mistakes(course, "email\nc@example.org\n", NOW + timedelta(hours=23))) == 1
    row = PersonalInvitation.objects.first()
    resend = {"course": course, "invitation_id": row.pk, "author": author}
    assert refused(lambda: resend_invitation(now=NOW + 2 * HOUR, **resend)) == "invitations_exhausted"
    assert mistakes(make.make_course(), three[:30]) == []
    assert resend_invitation(now=NOW + timedelta(days=1), **resend) == row


def test_a_message_that_the_server_refuses_has_failed_and_says_why(course, author, box):
    invite(course, author)
    box.refused = {"ada@example.org": b"550 no such person"}
    assert (send(), states(course)) == (0, ["failed"])
    assert personal_invitations_of(course.pk)[0].problem == "The mail server answered 550."


def test_a_worker_that_dies_leaves_the_message_to_another(course, author, box):
    invite(course, author)
    Mail.objects.update(due_at=NOW + LEASE)
    assert (send(), send(NOW + LEASE), len(box.received)) == (0, 1, 1)


def test_without_a_mail_server_or_in_a_hidden_course_nobody_is_invited(course, author, settings, box):
    invite(course, author)
    Course.objects.update(visibility="hidden")
    assert (send(), states(course)) == (0, ["failed"])
    hidden = Course.objects.get()
    assert refused(lambda: mistakes(hidden)) == "invitation_unseen"
    assert refused(lambda: accept(account())) == "not_found"
    settings.MAILERS = {"default": {"BACKEND": settings.MAILER_THAT_SENDS_NOTHING}}
    assert refused(lambda: mistakes(course)) == "no_mail_server"


def test_whoever_is_in_the_class_is_not_invited(course, author):
    ada = account()
    make.enroll(course=course, user=ada)
    assert invite(course, author) == ["group"]
    assert invite(course, author) == ["unchanged"]
    remove_learner(course=course, learner_id=ada.pk, author=author, reason="moved", now=NOW)
    assert invite(course, author) == ["return"]
    assert Mail.objects.count() == 0


def test_a_removed_learner_does_not_come_back_by_an_older_invitation(course, author):
    invite(course, author)
    ada = account()
    make.enroll(course=course, user=ada)
    remove_learner(course=course, learner_id=ada.pk, author=author, reason="moved", now=NOW)
    assert refused(lambda: accept(ada)) == "removed_from_class"
    assert EmailAddress.objects.get(user=ada).verified is True


def test_staff_of_the_course_stay_staff(course, author):
    invite(course, author)
    ada = account(is_staff=True)
    Enrollment.objects.create(user=ada, course=course, role="assistant", enrolled_at=NOW)
    enrollment = accept(ada)
    assert (enrollment.role, enrollment.groups.count()) == ("assistant", 0)


def test_nobody_accepts_in_an_archived_course(course, author):
    invite(course, author)
    Course.objects.update(archived_at=NOW)
    assert refused(lambda: accept(account())) == "course_archived"


@pytest.mark.parametrize(
    ("change", "code"), [({"archived_at": NOW}, "course_archived"), ({"visibility": "hidden"}, "not_found")]
)
def test_an_acceptance_that_waited_for_the_courses_lock_meets_the_course_as_it_is_then(
    course, author, change, code, monkeypatch
):
    invite(course, author)
    lock, ada = inviting.lock_groups, account()

    def change_and_lock(course):
        Course.objects.update(**change)  # what another transaction did during the wait
        lock(course)

    monkeypatch.setattr(inviting, "lock_groups", change_and_lock)
    assert refused(lambda: accept(ada)) == code
    assert not Enrollment.objects.filter(user=ada).exists()


@pytest.mark.parametrize("token", ["", "1", "1.forged", "x.y", "\0"])
def test_a_token_that_we_did_not_sign_is_not_found(course, author, token):
    invite(course, author)
    act = {"user": account(), "token": token, "name": "", "now": NOW}
    assert refused(lambda: accept_invitation(**act)) == "not_found"


def test_another_courses_instructor_finds_no_invitation(course, author):
    invite(course, author)
    one = {"course": make.make_course(), "invitation_id": PersonalInvitation.objects.get().pk, "author": author}
    assert refused(lambda: withdraw_invitation(now=NOW, **one)) == "not_found"
    assert refused(lambda: resend_invitation(now=NOW + HOUR, **one)) == "not_found"


def test_addresses_of_people_who_never_came_are_forgotten(course, author):
    invite(course, author, "email\nada@example.org\nbob@example.org\n")
    accept_invitation(
        user=account(),
        token=invitation_token(PersonalInvitation.objects.get(email="ada@example.org")),
        name="",
        now=NOW,
    )
    end = NOW + timedelta(days=14) + KEPT_UNACCEPTED
    forget_invitations(now=end - timedelta(seconds=1))
    assert PersonalInvitation.objects.count() == 2
    forget_invitations(now=end)
    assert PersonalInvitation.objects.get().email == "ada@example.org"


def test_an_address_has_one_open_invitation_to_a_course(course, author):
    invite(course, author)
    facts = {"course": course, "email": "ada@example.org", "author": author, "created_at": NOW, "expires_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonalInvitation.objects.create(**facts)


def test_the_plan_of_invitations_reads_the_same_number_of_rows_for_any_list(course):
    def statements(number):
        rows = read_roster("email\n" + "".join(f"a{place}@example.org\n" for place in range(number))).rows
        with counted_statements() as found:
            plan_roster(course=course, rows=rows, inviting_at=NOW)
        return len(found)

    assert statements(1) == statements(300)
    assert User.objects.count() == 1


def test_a_list_reads_the_open_invitations_of_all_its_rows_at_once(course, author):
    invite(course, author, "email,group\n" + "".join(f"a{place}@example.org,Monday\n" for place in range(5)))
    both = "email,group\na0@example.org,Tuesday\na1@example.org,Tuesday\nnew@example.org,Tuesday\n"
    rows = read_roster(both).rows
    plan = plan_roster(course=course, rows=rows, inviting_at=NOW)
    said = {"course": course, "rows": rows, "expected": plan.digest, "author": author, "now": NOW, "invites": True}
    with counted_statements() as found:
        apply_roster(**said)
    assert {row.email: row.groups for row in PersonalInvitation.objects.filter(groups__icontains="Tuesday")} == {
        "a0@example.org": ["Monday", "Tuesday"],
        "a1@example.org": ["Monday", "Tuesday"],
        "new@example.org": ["Tuesday"],
    }
    reading = [each for each in found if each.startswith("SELECT") and 'FROM "course_personalinvitation"' in each]
    assert len([each for each in reading if '"accepted_at" IS NULL' in each]) == 2  # for the plan, and for the changes
