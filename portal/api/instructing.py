"""What instructors read of their own courses; elsewhere nothing is there."""

from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from course.api.pages import PAGING, Pages, page_of
from course.permissions import Staff
from course.rules.refusals import Refusal
from course.selectors import course_taught, lacks_second_factor, learner_in, learners_by_id, learners_in, multiplier_for
from grading.selectors import CertificateState, certificates_in, columns_of, course_grade, state_of
from portal.api.courses import certificate_link
from portal.api.endpoint import Endpoint
from portal.rules.sheets import as_csv
from portal.selectors.gradebook import gradebook_rows, gradebook_table
from portal.serializers import instructing
from quizzes.selectors import sittings_in
from quizzes.services import settle_due

FORMAT = OpenApiParameter("format", {"type": "string", "enum": ["json", "csv"]})
DIGITS = 18  # of a number that every database can look for


class Taught(Endpoint):
    """Base of instructors' calls: `self.course` is the address's, if the asker may work in it."""

    permission_classes = [Staff]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.course = course_taught(request.user, kwargs["slug"])
        if lacks_second_factor(request.user):
            raise Refusal("second_factor_needed")

    def settle(self) -> None:
        settle_due(now=self.now, course_id=self.course.pk)


def number(text: str) -> int:
    """A learner's or record's id. Refusal not_found for what is none of ours."""
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS):
        raise Refusal("not_found")
    return int(text)


class Gradebook(Taught):
    """The course's present learners in the order in which they enrolled, as pages of JSON or, whole, as CSV."""

    @extend_schema(
        parameters=[*PAGING, FORMAT],
        responses={
            (200, "application/json"): page_of(instructing.GradebookRow),
            (200, "text/csv"): OpenApiTypes.STR,
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        self.settle()
        if self.is_csv(request):
            rows = as_csv(gradebook_table(self.course.pk))
            return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
        pages = Pages()
        enrollments = pages.paginate_queryset(learners_in(self.course.pk), request, self)
        rows = gradebook_rows(self.course.pk, enrollments, columns_of(self.course.pk))
        return pages.get_paginated_response(instructing.GradebookRow(rows, many=True).data)

    def is_csv(self, request: Request) -> bool:
        asked = request.query_params.getlist("format") or ["json"]
        if asked not in (["json"], ["csv"]):
            raise ValidationError({"format": "json or csv."})
        if asked == ["csv"] and {"cursor", "page_size"} & set(request.query_params):
            raise ValidationError({"format": "The CSV comes whole: leave out cursor and page_size."})
        return asked == ["csv"]


class OneLearner(Taught):
    """A learner of the course: grade, exam time, sittings."""

    @extend_schema(responses=instructing.LearnerDetail)
    def get(self, request: Request, slug: str, learner_id: str) -> Response:
        enrollment = learner_in(self.course.pk, number(learner_id))
        self.settle()
        grade = course_grade(enrollment.user_id, self.course.pk)
        body = {
            "learner": named(enrollment),
            "enrolled_at": enrollment.enrolled_at,
            "unenrolled_at": enrollment.unenrolled_at,
            "multiplier": multiplier_for(enrollment),
            "sittings": sittings_in(self.course.pk, enrollment.user_id),
            "progress": grade,
        }
        link = certificate_link(request, enrollment.user_id, self.course.pk, grade)
        return Response(instructing.LearnerDetail(body, context={"certificate": link}).data)


def named(enrollment: Any) -> dict[str, Any]:
    return {
        "learner_id": enrollment.user_id,
        "username": enrollment.user.username,
        "name": enrollment.name or enrollment.user.name,
    }


class Certificates(Taught):
    """Every certificate of the course, revoked ones too."""

    @extend_schema(parameters=PAGING, responses=page_of(instructing.CertificateRow))
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        found = pages.paginate_queryset(certificates_in(self.course.pk), request, self)
        holders = learners_by_id(self.course.pk, [certificate.learner_id for certificate in found])
        rows = [certificate_row(state_of(each), holders[each.learner_id]) for each in found]
        return pages.get_paginated_response(instructing.CertificateRow(rows, many=True).data)


def certificate_row(state: CertificateState, holder: Any) -> dict[str, Any]:
    facts = {"code": state.certificate.code, "issued_at": state.certificate.issued_at}
    return {**named(holder), **facts, "is_valid": state.is_valid, "revoked_at": state.revoked_at}
