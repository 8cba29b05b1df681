"""What staff read about their own courses, as their role allows. For other courses, everything is not found."""

from typing import TYPE_CHECKING, Any

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.adapters import must_confirm_again
from foundation.paging import PAGING, Pages, page_of
from foundation.permissions import Staff
from foundation.serializers import json_of
from grading.selectors import CertificateState, certificate_state, certificates_in, columns_of
from people.access import course_with_permission, lacks_second_factor, learner_in, refuse_archived
from people.rules.roles import Permission
from people.selectors import group_names, learners_by_id, learners_in, multiplier_for
from portal.api.endpoints.courses import progress_body
from portal.api.endpoints.endpoint import GradeEndpoint
from portal.api.serializers import instructing
from portal.api.serializers.assessments import sitting_at
from portal.gradebook.rules.spreadsheets import as_csv
from portal.gradebook.selectors.gradebook import gradebook_rows, gradebook_table
from portal.refusals import Refusal
from quizzes.selectors import SettledGrades, sittings_in
from quizzes.services import settle_grades

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from people.models import Enrollment

GROUP = OpenApiParameter("group", str, description="Only the learners of the group with this name")
FORMAT = OpenApiParameter("format", {"type": "string", "enum": ["json", "csv"]})
DIGITS = 18  # digits of the largest number that every database can search for


class Taught(GradeEndpoint):
    """Base of the endpoints for staff: `self.course` is the course of the address, if the user's role in it allows this.
    `self.permissions` is everything that this role allows.

    `needs` is what the role must allow. A route to an endpoint that does not state it cannot be made.
    """

    permission_classes = [Staff]
    needs: Permission
    is_for_archive = False  # whether it may also store something in an archived course

    @classmethod
    def as_view(cls, **options: object) -> Any:
        assert isinstance(cls.needs, Permission)
        return super().as_view(**options)

    def initial(self, request: Request, *args: object, **kwargs: str) -> None:
        super().initial(request, *args, **kwargs)
        self.course, self.permissions = course_with_permission(request.user, kwargs["slug"], self.needs)
        if lacks_second_factor(self.person):
            raise Refusal("second_factor_needed")
        if request.auth is None and must_confirm_again(request._request):  # a browser's session; tokens expire
            raise NotAuthenticated
        if request.method not in SAFE_METHODS and not self.is_for_archive:
            refuse_archived(self.course)

    def settle(self) -> SettledGrades:
        """Settle what is due, then return the grades of the whole course (D9)."""
        return settle_grades(now=self.now, course_id=self.course.pk)

    def group_asked(self, request: Request) -> str:
        """Return the group that the address asks for, or "" for everyone. Raises ValidationError unless it exists."""
        groups = request.query_params.getlist("group")
        if len(groups) > 1 or not set(groups) <= set(group_names(self.course)):
            raise ValidationError({"group": "The name of one group of the course."})
        return "".join(groups)


def number(text: str) -> int:
    """Return a learner's or record's id. Raises Refusal not_found for anything that cannot be an id."""
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS):
        raise Refusal("not_found")
    return int(text)


class Gradebook(Taught):
    """The course's current learners in the order of enrollment, as pages of JSON, or all of them as CSV."""

    needs = Permission.SEE_GRADES

    @extend_schema(
        parameters=[*PAGING, FORMAT, GROUP],
        responses={
            (200, "application/json"): page_of(instructing.GradebookRow),
            (200, "text/csv"): OpenApiTypes.STR,
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        grades = self.settle()
        if self.is_csv(request):
            rows = as_csv(gradebook_table(grades, self.course.pk, self.learners(request)))
            return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
        pages = Pages()
        enrollments = pages.paginate_queryset(self.learners(request), request, self)
        rows = gradebook_rows(grades, self.course.pk, enrollments, columns_of(self.course.pk))
        return pages.get_paginated_response(instructing.GradebookRow(rows, many=True).data)

    def learners(self, request: Request) -> "QuerySet[Enrollment]":
        """Return the learners in the order of enrollment, of the group that is asked for."""
        return learners_in(self.course.pk, group=self.group_asked(request)).order_by("pk")

    def is_csv(self, request: Request) -> bool:
        asked = request.query_params.getlist("format") or ["json"]
        if asked not in (["json"], ["csv"]):
            raise ValidationError({"format": "json or csv."})
        if asked == ["csv"] and {"cursor", "page_size"} & set(request.query_params):
            raise ValidationError({"format": "The CSV comes whole: leave out cursor and page_size."})
        return asked == ["csv"]


class OneLearner(Taught):
    """A learner of the course: grade, exam time, sittings."""

    needs = Permission.SEE_GRADES

    @extend_schema(responses=instructing.LearnerDetail)
    def get(self, request: Request, slug: str, learner_id: str) -> Response:
        enrollment = learner_in(self.course.pk, number(learner_id))
        grade = self.settle().grade(enrollment.user_id, self.course.pk)
        body = {
            "learner": learner_names(enrollment),
            "enrolled_at": enrollment.enrolled_at,
            "unenrolled_at": enrollment.unenrolled_at,
            "multiplier": multiplier_for(enrollment),
            "sittings": [sitting_at(sitting, self.now) for sitting in sittings_in(self.course.pk, enrollment.user_id)],
            "progress": grade,
        }
        progress = progress_body(request, enrollment.user_id, self.course.pk, grade)
        return Response({**json_of(instructing.LearnerDetail, body), "progress": progress})


def learner_names(enrollment: "Enrollment") -> dict[str, object]:
    return {
        "learner_id": enrollment.user_id,
        "username": enrollment.user.username,
        "name": enrollment.name or enrollment.user.name,
    }


class Certificates(Taught):
    """All certificates of the course, revoked ones included."""

    needs = Permission.SEE_GRADES

    @extend_schema(parameters=PAGING, responses=page_of(instructing.CertificateRow))
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        found = pages.paginate_queryset(certificates_in(self.course.pk), request, self)
        holders = learners_by_id(self.course.pk, [certificate.learner_id for certificate in found])
        rows = [certificate_row(certificate_state(each), holders[each.learner_id]) for each in found]
        return pages.get_paginated_response(instructing.CertificateRow(rows, many=True).data)


def certificate_row(state: CertificateState, holder: "Enrollment") -> dict[str, object]:
    facts = {"code": state.certificate.code, "issued_at": state.certificate.issued_at}
    return {**learner_names(holder), **facts, "is_valid": state.is_valid, "revoked_at": state.revoked_at}
