"""Invitation links, for those who use them and those who give them out."""

from django.db.models import QuerySet

from course.models import Course
from course.rules.joining import is_same_code
from people.models import Invitation
from people.refusals import Refusal


def invitations_of(course_id: int) -> QuerySet[Invitation]:
    """Return a course's links with their authors, newest first."""
    return Invitation.objects.filter(course_id=course_id).select_related("author").order_by("-created_at", "-pk")


def invitation_by_token(token: str) -> Invitation:
    """Return a link with its course. Raises Refusal not_found."""
    invitation = Invitation.objects.select_related("course").filter(token=token).first() if "\0" not in token else None
    if invitation is None:
        raise Refusal("not_found")
    return invitation


def course_by_code(typed: str) -> Course:
    """Return the course that people join by this code, however they type it. Raises Refusal not_found."""
    for course in Course.objects.exclude(join_code="").order_by("pk"):
        if course.joins_by == "code" and is_same_code(course.join_code, typed):
            return course
    raise Refusal("not_found")
