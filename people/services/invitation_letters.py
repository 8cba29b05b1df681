"""The message that invites one person to a course. It is sent again only if staff ask for it."""

from datetime import datetime

from django.conf import settings

from foundation.zones import known_zone
from mail.builders import LetterBuilder
from mail.models import Mail
from mail.rules.delivery import INVITATIONS
from mail.services.letters import Letter, composed_letter
from people.models import PersonalInvitation
from people.rules.inviting import invited_path, is_acceptable
from people.selectors.inviting import invitation_token

WORK = {"instructor": "an instructor", "assistant": "an assistant", "author": "an author", "observer": "an observer"}


def queue_invitation(*, invitation: PersonalInvitation, now: datetime) -> None:
    """Store the next message of an invitation, under the lock of the course's groups. The caller wakes one worker."""
    number = Mail.objects.filter(invitation=invitation).count() + 1
    Mail.objects.create(
        invitation=invitation,
        course_id=invitation.course_id,
        kind=INVITATIONS,
        key=f"invitation:{number}",
        created_at=now,
        due_at=now,
    )


def why_invitation_is_withheld(mail: Mail, now: datetime) -> str:
    assert mail.invitation is not None
    is_unseen = mail.course.visibility == "hidden" and mail.invitation.is_for_learner
    is_over = is_unseen or mail.course.archived_at is not None
    return Mail.Result.WITHDRAWN if is_over or not is_acceptable(mail.invitation, now) else ""


def role_in_words(invitation: PersonalInvitation) -> str:
    """Return the role that the person gets, with the groups to which it is limited, or "" for a learner."""
    if invitation.is_for_learner:
        return ""
    groups = ", ".join(invitation.groups)
    limit = f" for the group{'s' if len(invitation.groups) > 1 else ''} {groups}" if groups else ""
    return WORK[invitation.role] + limit


def invitation_letter(mail: Mail) -> Letter:
    invitation = mail.invitation
    assert invitation is not None
    until = invitation.expires_at.astimezone(known_zone(mail.course.timezone))
    return composed_letter(
        mail,
        template="invitation",
        subject=f"Invitation to {mail.course.title}",
        address=invitation.email,
        context={
            "author": invitation.author.get_full_name(),
            "role": role_in_words(invitation),
            "link": settings.SITE_URL + invited_path(invitation_token(invitation)),
            "until": f"{until.day} {until:%B %Y, %H:%M} ({mail.course.timezone})",
        },
    )


INVITATION_LETTERS = LetterBuilder(why_invitation_is_withheld, invitation_letter)
