"""Who has which role in a course, and the groups to which roles are limited (D28, D42). The page of roles does the same."""

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import leads, number
from foundation.idempotency import Answer
from foundation.paging import PAGING, Pages, page_of
from foundation.refusals import refuses
from people import serializers as shapes
from people.endpoint import Taught
from people.refusals import Refusal
from people.rules.roles import Permission
from people.selectors import limit_of, limits_in, working_in
from people.services import appoint_staff, dismiss_staff, limit_staff

if TYPE_CHECKING:
    from people.models import Enrollment


class StaffMembers(Taught):
    """Everybody who has a role in the course, in the order in which they joined it. A POST appoints somebody.

    Whoever is limited to groups is appointed again only with `groups` or with `whole_class`, so that no limit ends silently.
    """

    needs = Permission.SEE_STAFF  # appointing needs more, which the service asks for
    is_for_archive = True

    @extend_schema(parameters=PAGING, responses=page_of(shapes.StaffMemberOut))
    @leads(staff_id="/results/0/id")
    @refuses()
    def get(self, request: Request, slug: str) -> Response:
        pages, limits = Pages(), limits_in(self.course.pk)
        rows = pages.paginate_queryset(working_in(self.course.pk).order_by("pk"), request, self)
        return pages.get_paginated_response([member_body(row, limits.get(row.pk)) for row in rows])

    @extend_schema(request=shapes.AppointmentIn, responses={201: shapes.StaffMemberOut})
    @leads(staff_id="/id")
    @refuses(
        "unknown_account",
        "takes_the_course",
        "last_instructor",
        "limit_contradictory",
        "limit_unfit",
        "limit_group_unknown",
        "limit_unstated",
    )
    def post(self, request: Request, slug: str) -> Response:
        order = self.read(shapes.AppointmentIn)
        made = {"course": self.course, "author": self.person, "now": self.now}
        return self.once(lambda: (201, limited_body(appoint_staff(**order, **made))))


class StaffLimit(Taught):
    """Set the groups to whose learners a role is limited, null for the whole class. The same again changes nothing."""

    needs = Permission.GIVE_ROLES
    is_for_archive = True

    @extend_schema(request=shapes.RoleLimitIn, responses=shapes.StaffMemberOut)
    @refuses("limit_unfit", "limit_group_unknown")
    def put(self, request: Request, slug: str, staff_id: str) -> Response:
        body = self.read(shapes.RoleLimitIn)
        target = {"course": self.course, "staff_id": number(staff_id), "author": self.person, "now": self.now}
        return Response(limited_body(limit_staff(**target, **body)))


class Dismissal(Taught):
    """End somebody's role in the course at once, with its limit, and return what ended. The records of their work stay."""

    needs = Permission.GIVE_ROLES
    is_for_archive = True

    @extend_schema(request=shapes.DismissalIn, responses=shapes.StaffMemberOut)
    @refuses("last_instructor")
    def post(self, request: Request, slug: str, staff_id: str) -> Response:
        reason = self.read(shapes.DismissalIn)["reason"]
        target = {"course": self.course, "author": self.person, "now": self.now}

        def answer() -> Answer:
            member = working_in(self.course.pk).filter(user=number(staff_id)).first()
            if member is None:
                raise Refusal("not_found")
            ended = limited_body(member)
            dismiss_staff(username=member.user.username, reason=reason, **target)
            return 200, ended

        return self.once(answer)


def limited_body(enrollment: "Enrollment") -> dict[str, object]:
    return member_body(enrollment, limit_of(enrollment))


def member_body(enrollment: "Enrollment", groups: list[str] | None) -> dict[str, object]:
    person = {"id": enrollment.user_id, "username": enrollment.user.username, "name": enrollment.user.get_full_name()}
    role = {"role": enrollment.role, "groups": groups, "since": enrollment.enrolled_at}
    return dict(shapes.StaffMemberOut({**person, **role}).data)
