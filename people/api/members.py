"""The class: a class list, groups, and a learner's place in the class."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from accounts.adapters import password_address
from foundation.frame.endpoint import Endpoint, leads, number
from foundation.idempotency import Answer
from foundation.paging import PAGING, NewestPages, Pages, page_of
from foundation.refusals import refuses
from mail.selectors import mail_states
from people import serializers as shapes
from people.access import enrollments_seen, learner_in
from people.endpoint import GROUP, Taught
from people.rules.roles import Permission
from people.rules.roster import RosterMistake, RosterRow, mistake_in, repeated
from people.rules.student_numbers import plain_number
from people.selectors import groups_by_enrollment, learners_in, personal_invitations_of
from people.services import (
    Listed,
    RosterPlan,
    apply_roster,
    plan_roster,
    remove_learner,
    resend_invitation,
    restore_learner,
    set_groups,
    set_student_number,
    withdraw_invitation,
    without_password,
)

if TYPE_CHECKING:
    from people.models import Enrollment, PersonalInvitation


class ClassList(Taught):
    """Add people to the class: missing accounts are created. With `dry_run`, only say what would happen.

    It does not say whether somebody outside of the class has an account: then the fate is `add`, or `invite` if the list
    invites by email.
    """

    needs = Permission.MANAGE_CLASS

    @extend_schema(request=shapes.ClassListIn, responses={200: shapes.ClassListOut, 201: shapes.ClassListOut})
    @refuses("roster_stale", "no_mail_server", "invitation_unseen")
    def post(self, request: Request, slug: str) -> Response:
        body = self.read(shapes.ClassListIn)
        self.idempotency_key()
        rows = [row_in(row_number, person) for row_number, person in enumerate(body["people"], start=1)]
        if body["dry_run"]:
            return Response(list_body(self.planned(rows, body["invite"])))

        def prepare() -> Callable[[], Answer]:
            plan = self.planned(rows, body["invite"])
            return lambda: self.applied(rows, plan, body["invite"])

        answer = self.once_prepared(prepare)  # a repeated request must not meet what the first one did to the class
        self.add_links(answer.data["people"])
        return answer

    def planned(self, rows: list[RosterRow], invites: bool) -> RosterPlan:
        """Return the plan of the list. Raises ValidationError for a list with mistakes."""
        plan = plan_roster(course=self.course, rows=rows, inviting_at=self.now if invites else None, now=self.now)
        wrong = [RosterMistake(row.number, sentence) for row in rows if (sentence := mistake_in(row))]
        if mistakes := [*wrong, *repeated(rows), *plan.mistakes]:
            raise ValidationError({"people": [f"Person {mistake.number}: {mistake.sentence}" for mistake in mistakes]})
        return plan

    def applied(self, rows: list[RosterRow], plan: RosterPlan, invites: bool) -> Answer:
        arguments = {"course": self.course, "rows": rows, "author": self.person, "now": self.now}
        return 201, list_body(plan, apply_roster(expected=plan.digest, invites=invites, **arguments))

    def add_links(self, people: list[dict[str, Any]]) -> None:
        """Add the links that set passwords. They are made for each answer, so that no stored reply contains one."""
        ids = [int(person["id"]) for person in people if person["id"]]
        wanted = without_password(course=self.course, user_ids=ids)
        links = {str(user.pk): password_address(self.request._request, user) for user in wanted}
        for person in people:
            person["password_link"] = links.get(person["id"])


class PersonalInvitations(Taught):
    """The course's invitations by email, newest first, with what became of each. `POST class-list/` sends them."""

    needs = Permission.MANAGE_CLASS

    @extend_schema(parameters=PAGING, responses=page_of(shapes.PersonalInvitationOut))
    @leads(personal_invitation_id="/results/0/id")
    def get(self, request: Request, slug: str) -> Response:
        pages = NewestPages()
        invitations = pages.paginate_queryset(personal_invitations_of(self.course.pk), request, self)
        return pages.get_paginated_response([self.invitation_body(invitation) for invitation in invitations])

    def invitation_body(self, invitation: "PersonalInvitation") -> dict[str, object]:
        return dict(shapes.PersonalInvitationOut(invitation, context={"now": self.now}).data)

    def changed(self, personal_invitation_id: str, change: Callable[..., "PersonalInvitation"]) -> Response:
        self.read_nothing()
        target = {"course": self.course, "author": self.person, "now": self.now}

        def answer() -> Answer:
            invitation = personal_invitations_of(self.course.pk).get(
                pk=change(invitation_id=number(personal_invitation_id), **target).pk
            )
            return 200, self.invitation_body(invitation)

        return self.once(answer)


class ResentInvitation(PersonalInvitations):
    """Mail an invitation again. Its link works for the whole time again."""

    http_method_names = ["post", "options"]

    @extend_schema(request=None, responses=shapes.PersonalInvitationOut)
    @refuses(
        "invitation_accepted",
        "invitation_withdrawn",
        "invitation_just_mailed",
        "invitations_exhausted",
        "no_mail_server",
        "invitation_unseen",
    )
    def post(self, request: Request, slug: str, personal_invitation_id: str) -> Response:
        return self.changed(personal_invitation_id, resend_invitation)


class WithdrawnInvitation(PersonalInvitations):
    """Withdraw an invitation. Its link no longer works."""

    http_method_names = ["post", "options"]

    @extend_schema(request=None, responses=shapes.PersonalInvitationOut)
    @refuses("invitation_accepted")
    def post(self, request: Request, slug: str, personal_invitation_id: str) -> Response:
        return self.changed(personal_invitation_id, withdraw_invitation)


def row_in(row_number: int, person: dict[str, Any]) -> RosterRow:
    groups = tuple(dict.fromkeys(" ".join(name.split()) for name in person["groups"]))
    name, student_number = " ".join(person["name"].split()), plain_number(person["student_number"])
    return RosterRow(row_number, person["email"], name, person["username"], groups, student_number)


def list_body(plan: RosterPlan, listed: list[Listed] | None = None) -> dict[str, object]:
    rows = []
    for position, fate in enumerate(plan.fates):
        user = listed[position].user if listed else fate.member
        rows.append(
            {
                "id": str(user.pk) if user else None,
                "username": user.username if user else None,
                "email": fate.row.email or (user.email if user else ""),
                "fate": fate.kind if listed else fate.public_kind,
                "groups": fate.added,
                "student_number": fate.number,
                "password_link": None,
            }
        )
    moved = [{"username": member.username, "moved": grade} for member, grade in plan.named_grades]
    return dict(shapes.ClassListOut({"people": rows, "moved_grades": moved}).data)


class LearnerGroups(Taught):
    """Put a learner into exactly these groups. A new name makes a group."""

    needs = Permission.MANAGE_CLASS

    @extend_schema(request=shapes.GroupsIn, responses=shapes.MembershipOut)
    @refuses("group_unfit")
    def put(self, request: Request, slug: str, learner_id: str) -> Response:
        names = self.read(shapes.GroupsIn)["groups"]
        target = {"course": self.course, "learner_id": number(learner_id)}
        set_groups(names=names, author=self.person, now=self.now, **target)
        return Response(membership_body(learner_in(self.course.pk, number(learner_id))))


class StudentNumber(Taught):
    """Set a learner's student number, which only staff of the course see."""

    needs = Permission.MANAGE_CLASS

    @extend_schema(request=shapes.StudentNumberIn, responses=shapes.MembershipOut)
    @refuses("student_number_unfit", "student_number_taken")
    def put(self, request: Request, slug: str, learner_id: str) -> Response:
        written = self.read(shapes.StudentNumberIn)["student_number"]
        target = {"course": self.course, "learner_id": number(learner_id), "author": self.person, "now": self.now}
        return Response(membership_body(set_student_number(number=written, **target)))


class Removal(Taught):
    """Remove a learner from the class. Their records stay, and only an instructor can bring them back."""

    needs = Permission.MANAGE_CLASS

    @extend_schema(request=shapes.RemovalIn, responses=shapes.MembershipOut)
    @refuses("not_in_class")
    def post(self, request: Request, slug: str, learner_id: str) -> Response:
        reason = self.read(shapes.RemovalIn)["reason"]
        target = {"course": self.course, "learner_id": number(learner_id), "author": self.person, "now": self.now}
        return self.once(lambda: (200, membership_body(remove_learner(reason=reason, **target))))


class Restoration(Taught):
    """Bring a learner back who was removed or left."""

    needs = Permission.MANAGE_CLASS

    @extend_schema(request=None, responses=shapes.MembershipOut)
    @refuses()
    def post(self, request: Request, slug: str, learner_id: str) -> Response:
        self.read_nothing()
        target = {"course": self.course, "learner_id": number(learner_id), "author": self.person, "now": self.now}
        return self.once(lambda: (200, membership_body(restore_learner(**target))))


def membership_body(enrollment: "Enrollment") -> dict[str, object]:
    groups = groups_by_enrollment([enrollment.pk]).get(enrollment.pk, [])
    return dict(shapes.MembershipOut(member_values(enrollment, groups)).data)


def member_values(enrollment: "Enrollment", groups: list[str]) -> dict[str, object]:
    return {
        "learner_id": enrollment.user_id,
        "username": enrollment.user.username,
        "student_number": enrollment.student_number,
        "name": enrollment.name or enrollment.user.name,
        "groups": groups,
        "unenrolled_at": enrollment.unenrolled_at,
        "removed_at": enrollment.removed_at,
    }


SHOW = OpenApiParameter("show", {"type": "string", "enum": ["enrolled", "left"]})


class ClassMembers(Taught):
    """The learners of the class, in the order of enrollment, or those who left or were removed."""

    needs = Permission.MANAGE_CLASS

    @extend_schema(parameters=[*PAGING, GROUP, SHOW], responses=page_of(shapes.ClassMemberOut))
    @leads(learner_id="/results/0/learner/id")
    def get(self, request: Request, slug: str) -> Response:
        show = request.query_params.getlist("show") or ["enrolled"]
        if show not in (["enrolled"], ["left"]):
            raise ValidationError({"show": "enrolled or left."})
        rows = learners_in(self.course.pk, group=self.group_asked(request), has_left=show == ["left"]).order_by("pk")
        pages = Pages()
        members = pages.paginate_queryset(rows, request, self)
        groups = groups_by_enrollment([row.pk for row in members])
        states = mail_states([row.user_id for row in members if row.unenrolled_at is None], self.course.pk)
        bodies = [
            {
                **member_values(row, groups.get(row.pk, [])),
                "email": row.user.email,
                "enrolled_at": row.enrolled_at,
                "no_mail": states[row.user_id].reason if row.user_id in states else "",
            }
            for row in members
        ]
        return pages.get_paginated_response(shapes.ClassMemberOut(bodies, many=True).data)


@extend_schema(responses=shapes.Me)
@leads(slug="/enrollments/0")
@refuses()
class OwnAccount(Endpoint):
    """The signed-in person."""

    def get(self, request: Request) -> Response:
        user = self.person
        slugs = [enrollment.course.slug for enrollment in enrollments_seen(user)]
        body = {"username": user.username, "name": user.name, "enrollments": slugs, "timezone": user.timezone}
        return Response(shapes.Me(body).data)
