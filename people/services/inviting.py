"""Invite one person to a course by email: send, send again, withdraw, accept.

A class list invites (`people.services.roster`), so that one person and a thousand are invited alike.
"""

from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from accounts.models import User
from course.models import Course
from foundation.mailers import sends_mail
from foundation.queue import SEND_MAIL, wake
from foundation.reasons import stated
from people.access import access_of, permissions_in, refuse_archived, refuse_to_give, refuse_unseen
from people.models import Enrollment, PersonalInvitation
from people.refusals import Refusal
from people.rules.inviting import KEPT_UNACCEPTED, is_acceptable
from people.rules.roles import may_give
from people.selectors.inviting import just_mailed, mailed_today, open_invitations, personal_invitation
from people.selectors.people import active_enrollment
from people.selectors.roles import limit_of
from people.services.enrollment import return_as_learner
from people.services.invitation_letters import queue_invitation
from people.services.membership import ensured_groups, follow_groups, lock_groups
from people.services.role_limits import refuse_unfit_limit, refuse_unstated_limit
from people.services.roles import audited_limit, give_role, locked_account
from people.services.student_numbers import give_invited_number
from records.services import record_audit

BY_MAIL = "Accepted an invitation by email."


def refuse_to_invite(course: Course, *, is_for_learner: bool = True) -> None:
    """Refuse invitations that nobody could get or follow. Learners do not see a hidden course.

    Raises Refusal no_mail_server, invitation_unseen.
    """
    if not sends_mail():
        raise Refusal("no_mail_server")
    if course.visibility == "hidden" and is_for_learner:
        raise Refusal("invitation_unseen")


def refuse_to_mail_now(course: Course, email: str, now: datetime) -> None:
    """Refuse a message too many. Call it under `lock_groups`. Raises Refusal invitation_just_mailed, invitations_exhausted."""
    if just_mailed(course.pk, [email], now):
        raise Refusal("invitation_just_mailed")
    if not invitations_left(course, now):
        raise Refusal("invitations_exhausted", most=settings.INVITATIONS_PER_DAY)


def invitations_left(course: Course, now: datetime) -> int:
    """Return how many invitations the course may mail now. Call it under `lock_groups` before mailing any."""
    return max(0, settings.INVITATIONS_PER_DAY - mailed_today(course.pk, now))


@transaction.atomic
def invite_staff(
    *,
    course: Course,
    email: str,
    role: str,
    author: User,
    reason: str,
    now: datetime,
    groups: Collection[str] | None = None,
    whole_class: bool = False,
) -> PersonalInvitation:
    """Invite a person by email to work in the course. If the address has an open invitation, that gets the role.

    With `groups`, the role is limited to their learners. An open invitation that is limited needs them again, or
    `whole_class`; neither ends the limit that the person has when they accept. Raises Refusal role_insufficient,
    role_unknown, limit_contradictory, limit_unfit, limit_group_unknown, limit_unstated, reason_missing, course_archived,
    no_mail_server, invitation_just_mailed, invitations_exhausted.
    """
    refuse_to_give(permissions_in(author, course.pk), role)
    reason, email = stated(reason), email.lower()
    refuse_archived(course)
    refuse_to_invite(course, is_for_learner=False)
    lock_groups(course)
    refuse_unfit_limit(course, role, groups, is_whole_class=whole_class)
    refuse_to_mail_now(course, email, now)
    new = PersonalInvitation(course=course, email=email, created_at=now)
    invitation = open_invitations(course.pk, [email]).get(email, new)
    if not invitation.is_for_learner:
        refuse_unstated_limit(role, invitation.groups or None, groups, is_whole_class=whole_class)
    wake(SEND_MAIL)
    send_invitation(
        invitation=invitation, name="", groups=groups or (), role=role, author=author, reason=reason, now=now
    )
    return invitation


def send_invitation(
    *,
    invitation: PersonalInvitation,
    name: str,
    groups: Collection[str],
    author: User,
    now: datetime,
    role: str = Enrollment.Role.LEARNER,
    reason: str = "",
) -> None:
    """Mail a new invitation, or one again that is neither accepted nor withdrawn. It sets the role, adds the groups for a
    learner, and limits any other role to exactly these groups, or not at all without any.

    Call it in a transaction under `lock_groups`, after checking how many may be mailed, and wake one worker for all.
    """
    invitation.author, invitation.expires_at = author, now + settings.INVITATION_LIFE
    invitation.name = name or invitation.name
    adds_groups = role == invitation.role == Enrollment.Role.LEARNER
    invitation.groups = sorted({*(invitation.groups if adds_groups else ()), *groups})
    invitation.role = role
    invitation.save()
    queue_invitation(invitation=invitation, now=now)
    details: dict[str, object] = {} if invitation.is_for_learner else {"role": role}
    if invitation.is_for_learner or invitation.groups:
        details["groups"] = ", ".join(invitation.groups)
    audit_personal("invite_person", invitation, author, now, details, reason)


def add_to_invitation(*, invitation: PersonalInvitation, groups: Collection[str], student_number: str = "") -> None:
    """Put a learner into groups who has not accepted yet, and set their student number. Call it under `lock_groups`.

    The groups of an invitation to work in the course are the limit of its role, which a class list does not change.
    """
    if not invitation.is_for_learner:
        return
    invitation.groups = sorted({*invitation.groups, *groups})
    invitation.student_number = student_number or invitation.student_number
    invitation.save(update_fields=["groups", "student_number"])


@transaction.atomic
def resend_invitation(*, course: Course, invitation_id: int, author: User, now: datetime) -> PersonalInvitation:
    """Mail an invitation again. Its link is the same, and works for the whole time again.

    Raises Refusal not_found, invitation_accepted, invitation_withdrawn, invitation_just_mailed, invitations_exhausted,
    no_mail_server, invitation_unseen, and role_insufficient if the author may not give its role.
    """
    lock_groups(course)
    invitation = locked_personal(course, invitation_id)
    refuse_to_invite(course, is_for_learner=invitation.is_for_learner)
    if not invitation.is_for_learner:
        refuse_to_give(permissions_in(author, course.pk), invitation.role)
    refuse_ended(invitation)
    refuse_to_mail_now(course, invitation.email, now)
    wake(SEND_MAIL)
    send_invitation(
        invitation=invitation,
        name=invitation.name,
        groups=invitation.groups,
        role=invitation.role,
        author=author,
        now=now,
    )
    return invitation


@transaction.atomic
def withdraw_invitation(*, course: Course, invitation_id: int, author: User, now: datetime) -> PersonalInvitation:
    """Make an invitation useless from now on, and send no message that still waits. Withdrawing again is harmless.

    Raises Refusal not_found, invitation_accepted.
    """
    lock_groups(course)
    invitation = locked_personal(course, invitation_id)
    if invitation.withdrawn_at is None:
        refuse_ended(invitation)
        invitation.withdrawn_at = now
        invitation.save(update_fields=["withdrawn_at"])
        audit_personal("withdraw_invitation", invitation, author, now)
    return invitation


@transaction.atomic
def accept_invitation(*, user: User, token: str, name: str, now: datetime) -> Enrollment:
    """Enroll the invited person, whatever the course says about who may join and when it opens, or give them the role
    of the invitation. Accepting again is harmless.

    The link proves that its reader gets the mail of the address, so it confirms the address. It works only for an
    account that has this address: passing the link on does not put others into the class.

    Raises Refusal not_found, course_archived, invitation_accepted, invitation_withdrawn, invitation_expired,
    invitation_for_another, removed_from_class, takes_the_course, last_instructor.
    """
    unlocked = personal_invitation(token)
    lock_groups(unlocked.course)
    invitation = locked_personal(unlocked.course, unlocked.pk)  # with its course as it is after the wait
    course = invitation.course
    if course.visibility == "hidden" and invitation.is_for_learner:
        refuse_unseen(access_of(user, course.pk))
    refuse_archived(course)
    mine = active_enrollment(user, course.pk) if invitation.accepted_by_id == user.pk else None
    if mine is not None:
        return mine
    refuse_ended(invitation)
    if not is_acceptable(invitation, now):
        raise Refusal("invitation_expired")
    confirm_address(user, invitation.email)
    details: dict[str, object] = {}
    if invitation.is_for_learner:
        enrollment = enrolled_by_invitation(user, invitation, name, now)
    else:
        enrollment = appointed_by_invitation(user, invitation, now)
        details = audited_limit("groups", limit_of(enrollment))
    invitation.accepted_at, invitation.accepted_by = now, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    audit_personal("accept_invitation", invitation, user, now, details)
    return enrollment


def confirm_address(user: User, email: str) -> None:
    """Confirm an address of the account. Raises Refusal invitation_for_another if it is not one, or another's."""
    address = EmailAddress.objects.select_for_update().filter(user=user, email=email).first()
    if address is None or not address.set_verified():
        raise Refusal("invitation_for_another")
    address.set_as_primary(conditional=True)


def enrolled_by_invitation(user: User, invitation: PersonalInvitation, name: str, now: datetime) -> Enrollment:
    """Return the person's enrollment, created or reactivated, in the groups of the invitation. Staff stay staff."""
    defaults = {"enrolled_at": now, "name": name or invitation.name or user.get_full_name()}
    rows = Enrollment.objects.select_for_update()
    enrollment, _is_new = rows.get_or_create(user=user, course=invitation.course, defaults=defaults)
    if enrollment.removed_at is not None:
        raise Refusal("removed_from_class")
    if enrollment.unenrolled_at is not None:
        return_as_learner(enrollment, now)
    if enrollment.role == Enrollment.Role.LEARNER:
        give_invited_number(enrollment, invitation.student_number)
        enrollment.groups.add(*ensured_groups(invitation.course, invitation.groups))
        if invitation.groups:
            follow_groups(invitation.course_id, [user.pk], now)
    return enrollment


def appointed_by_invitation(user: User, invitation: PersonalInvitation, now: datetime) -> Enrollment:
    """Give the person the role of the invitation, if its author may still give it. Otherwise it is as if withdrawn.

    An invitation without groups keeps the limit that the person has by now: it never ends one that was set after it.
    """
    permissions = permissions_in(invitation.author, invitation.course_id)
    if not may_give(permissions, invitation.role):
        raise Refusal("invitation_withdrawn")
    locked_account(user.username)
    return give_role(
        course=invitation.course,
        user=user,
        role=invitation.role,
        groups=invitation.groups or None,
        permissions=permissions,
        author=invitation.author,
        reason=BY_MAIL,
        now=now,
        invitation=invitation.pk,
    )


def forget_invitations(*, now: datetime) -> int:
    """Delete invitations that nobody accepted some time after their end, because they hold addresses of strangers."""
    ended = PersonalInvitation.objects.filter(accepted_at=None)
    late = now - KEPT_UNACCEPTED
    old = ended.filter(expires_at__lte=late) | ended.filter(withdrawn_at__lte=late)
    return old.delete()[0]


def locked_personal(course: Course, invitation_id: int) -> PersonalInvitation:
    """Return an invitation, locked. Raises Refusal not_found."""
    rows = PersonalInvitation.objects.select_for_update(of=("self",)).select_related("course")
    invitation = rows.filter(course=course, pk=invitation_id).first()
    if invitation is None:
        raise Refusal("not_found")
    return invitation


def refuse_ended(invitation: PersonalInvitation) -> None:
    if invitation.accepted_at is not None:
        raise Refusal("invitation_accepted")
    if invitation.withdrawn_at is not None:
        raise Refusal("invitation_withdrawn")


def audit_personal(
    action: str,
    invitation: PersonalInvitation,
    author: User,
    now: datetime,
    details: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    """Record an act in the audit. The entry names the invitation, not the address, which goes with its person."""
    record_audit(
        actor=author,
        action=action,
        now=now,
        course=invitation.course,
        target=f"invitation:{invitation.pk}",
        reason=reason,
        details=details,
    )
