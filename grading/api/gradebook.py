"""The gradebook and the certificates of a course, as staff read them."""

from typing import TYPE_CHECKING

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.paging import PAGING, Pages, page_of
from grading.endpoint import TaughtGrades
from grading.selectors import CertificateState, certificate_state, certificates_in, columns_of
from grading.selectors.gradebook_file import points_given
from grading.selectors.table import gradebook_rows, gradebook_table
from grading.serializers import instructing as shapes
from people.endpoint import GROUP, Taught, learner_names
from people.rules.roles import Permission
from people.rules.spreadsheets import as_csv
from people.selectors import learners_by_id, learners_in, within_sight

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from people.models import Enrollment


FORMAT = OpenApiParameter("format", {"type": "string", "enum": ["json", "csv"]})


class Gradebook(TaughtGrades):
    """The course's current learners in the order of enrollment, as pages of JSON, or all of them as CSV."""

    needs = Permission.SEE_GRADES
    is_for_limited = True

    @extend_schema(
        parameters=[*PAGING, FORMAT, GROUP],
        responses={
            (200, "application/json"): page_of(shapes.GradebookRow),
            (200, "text/csv"): OpenApiTypes.STR,
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        grades = self.settle()
        if self.is_csv(request):
            table = gradebook_table(grades, self.course.pk, self.learners(request), points_of=points_given)
            rows = as_csv(table)
            return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
        pages = Pages()
        enrollments = pages.paginate_queryset(self.learners(request), request, self)
        rows = gradebook_rows(grades, self.course.pk, enrollments, columns_of(self.course.pk))
        return pages.get_paginated_response(shapes.GradebookRow(rows, many=True).data)

    def learners(self, request: Request) -> "QuerySet[Enrollment]":
        """Return the learners in the order of enrollment, of the group that is asked for."""
        return learners_in(self.course.pk, group=self.group_asked(request), sight=self.sight).order_by("pk")

    def is_csv(self, request: Request) -> bool:
        asked = request.query_params.getlist("format") or ["json"]
        if asked not in (["json"], ["csv"]):
            raise ValidationError({"format": "json or csv."})
        if asked == ["csv"] and {"cursor", "page_size"} & set(request.query_params):
            raise ValidationError({"format": "The CSV comes whole: leave out cursor and page_size."})
        return asked == ["csv"]


class Certificates(Taught):
    """All certificates of the course, revoked ones included."""

    needs = Permission.SEE_GRADES
    is_for_limited = True

    @extend_schema(parameters=PAGING, responses=page_of(shapes.CertificateRow))
    def get(self, request: Request, slug: str) -> Response:
        pages = Pages()
        certificates = pages.paginate_queryset(within_sight(certificates_in(self.course.pk), self.sight), request, self)
        holders = learners_by_id(self.course.pk, [certificate.learner_id for certificate in certificates])
        rows = [
            certificate_row(certificate_state(certificate), holders[certificate.learner_id])
            for certificate in certificates
        ]
        return pages.get_paginated_response(shapes.CertificateRow(rows, many=True).data)


def certificate_row(state: CertificateState, holder: "Enrollment") -> dict[str, object]:
    issued = {"code": state.certificate.code, "issued_at": state.issued_at}
    return {**learner_names(holder), **issued, "is_valid": state.is_valid, "revoked_at": state.revoked_at}
