"""Who may join a course: instructors decide it, give out codes and links, and take them back."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from course.models import Course
from course.rules.joining import WAYS, InvitationState, new_join_code, state_of_invitation
from people.models import Invitation
from people.refusals import Refusal
from records.services import record_audit

MOST_INVITATIONS = 200


@transaction.atomic
def set_joining(*, course: Course, way: str, author: User, now: datetime) -> Course:
    """Decide who may join the course, or with "" leave it to course.yaml. A course that needs a code gets one.

    Raises ValueError for an unknown way.
    """
    if way not in ("", *WAYS):
        raise ValueError(way)
    row = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    if row.joining_here == way:
        return row
    before, row.joining_here = row.joins_by, way
    row.join_code = row.join_code or (new_join_code() if row.way_to_join == "code" else "")
    row.save(update_fields=["joining_here", "join_code"])
    record_audit(
        actor=author,
        action="set_joining",
        now=now,
        course=row,
        target=f"course:{row.slug}",
        details={"before": before, "after": row.joins_by},
    )
    return row


@transaction.atomic
def renew_join_code(*, course: Course, author: User, now: datetime) -> Course:
    """Replace the code, so that the old one no longer works. People who joined with it stay."""
    row = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    row.join_code = new_join_code()
    row.save(update_fields=["join_code"])
    record_audit(actor=author, action="renew_join_code", now=now, course=row, target=f"course:{row.slug}")
    return row


@transaction.atomic
def create_invitation(
    *, course: Course, author: User, now: datetime, note: str, expires_at: datetime | None, most_uses: int | None
) -> Invitation:
    """Make a link by which people join the course as learners. Raises Refusal expiry_past, too_many_invitations."""
    if expires_at is not None and expires_at <= now:
        raise Refusal("expiry_past")
    list(Course.objects.select_for_update(no_key=True).filter(pk=course.pk).values("pk"))
    if Invitation.objects.filter(course=course, revoked_at=None).count() >= MOST_INVITATIONS:
        raise Refusal("too_many_invitations", most=MOST_INVITATIONS)
    invitation = Invitation.objects.create(
        course=course, author=author, created_at=now, note=note.strip(), expires_at=expires_at, most_uses=most_uses
    )
    audit_invitation("create_invitation", invitation, author, now)
    return invitation


@transaction.atomic
def revoke_invitation(*, course: Course, invitation_id: int, author: User, now: datetime) -> Invitation:
    """Make a link useless from now on. People who joined by it stay. Revoking again is harmless.

    Raises Refusal not_found.
    """
    invitation = Invitation.objects.select_for_update().filter(course=course, pk=invitation_id).first()
    if invitation is None:
        raise Refusal("not_found")
    if invitation.revoked_at is None:
        invitation.revoked_at = now
        invitation.save(update_fields=["revoked_at"])
        audit_invitation("revoke_invitation", invitation, author, now)
    return invitation


def use_invitation(*, course: Course, token: str, now: datetime) -> None:
    """Count one use of a link. Call it in the transaction of the enrollment, after it: the link is locked until then.

    Raises Refusal not_found, invitation_revoked, invitation_expired, invitation_used_up.
    """
    invitation = Invitation.objects.select_for_update().filter(course=course, token=token).first()
    if invitation is None:
        raise Refusal("not_found")
    state = state_of_invitation(invitation, now)
    if state is not InvitationState.VALID:
        raise Refusal(f"invitation_{state.value}")
    invitation.uses += 1
    invitation.save(update_fields=["uses"])


def audit_invitation(action: str, invitation: Invitation, author: User, now: datetime) -> None:
    values = {"note": invitation.note, "uses": invitation.uses, "most_uses": invitation.most_uses}
    expiry = invitation.expires_at.isoformat(timespec="seconds") if invitation.expires_at else None
    record_audit(
        actor=author,
        action=action,
        now=now,
        course=invitation.course,
        target=f"course:{invitation.course.slug}",
        details={**values, "expires_at": expiry},
    )
