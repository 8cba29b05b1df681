"""Invitations of one person by email, for the person who follows the link and for those who sent it."""

from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from django.core import signing
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from mail.models import Mail
from people.models import PersonalInvitation
from people.refusals import Refusal
from people.rules.inviting import DAY, PAUSE_BETWEEN_MAILS, is_acceptable

SIGNER = {"salt": "personal invitation", "sep": "."}


def invitation_token(invitation: PersonalInvitation) -> str:
    """Return the secret part of the link. It takes more than the database to make it."""
    return signing.Signer(**SIGNER).sign(str(invitation.pk))


def personal_invitation(token: str) -> PersonalInvitation:
    """Return the invitation with this token, in any state, and its course. Raises Refusal not_found."""
    try:
        number = int(signing.Signer(**SIGNER).unsign(token))
    except signing.BadSignature:
        raise Refusal("not_found") from None
    invitation = PersonalInvitation.objects.select_related("course").filter(pk=number).first()
    if invitation is None:
        raise Refusal("not_found")
    return invitation


def invitation_to_sign_up(token: str, now: datetime) -> PersonalInvitation | None:
    """Return the invitation that lets its holder create an account, if the token belongs to one.

    Return None if an account has confirmed the address already: its owner signs in.
    """
    try:
        invitation = personal_invitation(token)
    except Refusal:
        return None
    return invitation if is_acceptable(invitation, now) and not is_address_confirmed(invitation.email) else None


def is_address_confirmed(email: str) -> bool:
    """Return whether an account has confirmed this address. Tell it only to a reader of mail at the address."""
    return EmailAddress.objects.filter(email=email.lower(), verified=True).exists()


def has_address(user: User, email: str) -> bool:
    """Return whether the account has this address, confirmed or not."""
    return EmailAddress.objects.filter(user=user.pk, email=email.lower()).exists()


def personal_invitations_of(course_id: int) -> QuerySet[PersonalInvitation]:
    """Return a course's invitations by email, newest first, each with its `mailed` and its `problem` (of the newest
    message).
    """
    newest = Mail.objects.filter(invitation=OuterRef("pk")).order_by("-pk")
    rows = PersonalInvitation.objects.filter(course_id=course_id).select_related("author", "accepted_by")
    columns = {"mailed": "result", "problem": "problem"}
    rows = rows.annotate(**{name: Coalesce(Subquery(newest.values(of)[:1]), Value("")) for name, of in columns.items()})
    return rows.order_by("-created_at", "-pk")


def open_invitations(course_id: int, emails: Collection[str]) -> dict[str, PersonalInvitation]:
    """Return by address the invitations that are neither accepted nor withdrawn, also those that have expired."""
    rows = PersonalInvitation.objects.filter(course_id=course_id, accepted_at=None, withdrawn_at=None)
    return {row.email: row for row in rows.filter(email__in=emails)}


def just_mailed(course_id: int, emails: Collection[str], now: datetime) -> set[str]:
    """Return those of these addresses that got an invitation to the course a moment ago, and may not get another yet."""
    rows = Mail.objects.filter(invitation__course=course_id, created_at__gt=now - PAUSE_BETWEEN_MAILS)
    return set(rows.filter(invitation__email__in=emails).values_list("invitation__email", flat=True))


def mailed_today(course_id: int, now: datetime) -> int:
    """Return how many invitations the course has mailed in the last 24 hours."""
    return Mail.objects.filter(invitation__course=course_id, created_at__gt=now - DAY).count()


def invitations_about(user_id: int) -> QuerySet[PersonalInvitation]:
    """Return the invitations of a person: those that they accepted, and those to an address that they confirmed."""
    mine = EmailAddress.objects.filter(user=user_id, verified=True).values("email")
    return PersonalInvitation.objects.filter(Q(accepted_by=user_id) | Q(email__in=mine)).order_by("pk")


def invitations_called(course_id: int, words: str) -> QuerySet[PersonalInvitation]:
    """Return the invitations by email whose addresses contain the words."""
    return PersonalInvitation.objects.filter(course_id=course_id, email__icontains=words)


def invitations_named(course_id: int, ids: Collection[int]) -> dict[int, str]:
    """Return the addresses of these invitations by id."""
    return dict(PersonalInvitation.objects.filter(course_id=course_id, pk__in=ids).values_list("pk", "email"))
