"""Invitation links, for those who use them and those who give them out."""

from django.db.models import QuerySet

from course.models import Invitation
from course.refusals import Refusal


def invitations_of(course_id: int) -> QuerySet[Invitation]:
    """Return a course's links with their authors, newest first."""
    return Invitation.objects.filter(course_id=course_id).select_related("author").order_by("-created_at", "-pk")


def invitation_by_token(token: str) -> Invitation:
    """Return a link with its course. Raises Refusal not_found."""
    found = Invitation.objects.select_related("course").filter(token=token).first() if "\0" not in token else None
    if found is None:
        raise Refusal("not_found")
    return found
