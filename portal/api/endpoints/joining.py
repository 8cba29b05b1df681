"""Who may join a course: instructors read and set the rule, the code and the invitation links."""

from typing import TYPE_CHECKING

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from course.rules.joining import state_of_invitation
from foundation.frame.endpoint import leads, number
from foundation.idempotency import Answer
from foundation.paging import PAGING, Pages, page_of
from foundation.refusals import refuses
from people.endpoint import Taught
from people.rules.roles import Permission
from people.selectors import invitations_of
from people.services import create_invitation, renew_join_code, revoke_invitation, set_joining
from portal.api.serializers import joining as shapes
from quizzes.services import archive_course, reopen_course, set_visibility

if TYPE_CHECKING:
    from course.models import Course
    from people.models import Invitation


class Joining(Taught):
    """Who may join the course. `enrollment: null` leaves it to course.yaml."""

    needs = Permission.MANAGE_CLASS

    @extend_schema(responses=shapes.JoiningOut)
    def get(self, request: Request, slug: str) -> Response:
        return Response(joining_body(self.course))

    @extend_schema(request=shapes.JoiningIn, responses=shapes.JoiningOut)
    @refuses()
    def put(self, request: Request, slug: str) -> Response:
        way = self.read(shapes.JoiningIn)["enrollment"] or ""
        return Response(joining_body(set_joining(course=self.course, way=way, author=self.person, now=self.now)))


class Visibility(Taught):
    """Who sees the course. For everyone else, it does not exist."""

    needs = Permission.MANAGE_CLASS
    is_for_archive = True

    @extend_schema(responses=shapes.VisibilityShape)
    def get(self, request: Request, slug: str) -> Response:
        return Response({"visibility": self.course.visibility})

    @extend_schema(request=shapes.VisibilityShape, responses=shapes.VisibilityShape)
    @refuses("exams_running", "exams_without_end")
    def put(self, request: Request, slug: str) -> Response:
        wanted = self.read(shapes.VisibilityShape)["visibility"]
        done = set_visibility(course=self.course, visibility=wanted, author=self.person, now=self.now)
        return Response({"visibility": done.visibility})


class Archive(Taught):
    """Archive the course, which makes it read-only, or reopen it. `archived_at` is null for a course that is not archived."""

    needs = Permission.MANAGE_CLASS
    is_for_archive = True

    @extend_schema(responses=shapes.ArchiveOut)
    def get(self, request: Request, slug: str) -> Response:
        return Response(shapes.ArchiveOut(self.course).data)

    @extend_schema(request=None, responses=shapes.ArchiveOut)
    @refuses("exams_running", "exams_without_end")
    def put(self, request: Request, slug: str) -> Response:
        self.read_nothing()
        done = archive_course(course=self.course, author=self.person, now=self.now)
        return Response(shapes.ArchiveOut(done).data)

    @extend_schema(responses={204: None})
    @refuses()
    def delete(self, request: Request, slug: str) -> Response:
        reopen_course(course=self.course, author=self.person, now=self.now)
        return Response(status=204)


class JoinCode(Taught):
    """Replace the enrollment code. The old code no longer works."""

    needs = Permission.MANAGE_CLASS

    @extend_schema(request=None, responses=shapes.JoiningOut)
    @refuses()
    def post(self, request: Request, slug: str) -> Response:
        self.read_nothing()
        return self.once(self.renew)

    def renew(self) -> Answer:
        return 200, joining_body(renew_join_code(course=self.course, author=self.person, now=self.now))


class Invitations(Taught):
    """The course's invitation links, in the order of creation."""

    needs = Permission.MANAGE_CLASS

    @extend_schema(parameters=PAGING, responses=page_of(shapes.InvitationOut))
    @leads(invitation_id="/results/0/id")
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        invitations = pages.paginate_queryset(invitations_of(self.course.pk), request, self)
        return pages.get_paginated_response([self.link_body(invitation) for invitation in invitations])

    @extend_schema(request=shapes.InvitationIn, responses={201: shapes.InvitationOut})
    @leads(invitation_id="/id")
    @refuses("expiry_past", "too_many_invitations")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.InvitationIn)

        def answer() -> Answer:
            made = create_invitation(course=self.course, author=self.person, now=self.now, **body)
            return 201, self.link_body(made)

        return self.once(answer)

    def link_body(self, invitation: "Invitation") -> dict[str, object]:
        address = self.request.build_absolute_uri(reverse("join", args=[invitation.token]))
        state = state_of_invitation(invitation, self.now).value
        return dict(shapes.InvitationOut(invitation, context={"url": address, "state": state}).data)


class RevokedInvitation(Invitations):
    """Revoke a link. Everyone who joined by it stays enrolled."""

    http_method_names = ["post", "options"]

    @extend_schema(request=None, responses=shapes.InvitationOut)
    @refuses()
    def post(self, request: Request, slug: str, invitation_id: str) -> Response:  # type: ignore[override]
        self.read_nothing()
        target = {"course": self.course, "invitation_id": number(invitation_id)}
        return self.once(lambda: (200, self.link_body(revoke_invitation(author=self.person, now=self.now, **target))))


def joining_body(course: "Course") -> dict[str, object]:
    body = {
        "enrollment": course.joins_by,
        "set_here": course.joining_here or None,
        "code": course.join_code if course.joins_by == "code" else None,
    }
    return dict(shapes.JoiningOut(body).data)
