"""Shapes of percents, points and late policies, as every answer of the API shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from foundation.serializers import Kept, Moment, example, json_of
from grading.rules.course_grade import CourseGrade
from grading.selectors.certificates import certificate_of


@extend_schema_field({"type": "string", "pattern": r"^\d+\.\d$"})
class Percent(serializers.CharField):
    """A percent as every page shows it, with one decimal and no sign: "70.0"."""


@extend_schema_field({"type": "string", "pattern": r"^\d+(\.\d+)?$"})
class Points(serializers.CharField):
    """Exact points without trailing zeros: "32" or "0.5"."""


@example(
    percent_per_day=10,
    grace_minutes=0,
    lowest_percent=50,
    late_from="2026-11-24T22:59:00Z",
    percent_now=90,
    falls_at="2026-11-25T22:59:00Z",
    is_fixed=False,
)
class LateOut(serializers.Serializer[Any]):
    """How much late answers count for the reader. An exam counts by its start, and `is_fixed` says that it has begun.

    A correct answer now counts `percent_now` percent of its points, until `falls_at`.
    """

    percent_per_day = serializers.IntegerField(source="terms.percent_per_day")
    grace_minutes = serializers.IntegerField(source="terms.grace_minutes")
    lowest_percent = serializers.IntegerField(source="terms.lowest_percent")
    late_from = Moment(source="terms.late_from")
    percent_now = serializers.IntegerField(source="percent")
    falls_at = Moment(allow_null=True)
    is_fixed = serializers.BooleanField()


STATES = ["not_started", "in_progress", "done"]


NEEDS = ["passed", "exam", "exam_open", "review_first", "review", "out_of_reach"]


@example(state="exam", percent="40.0", points="12", of="30")
class NeedOut(serializers.Serializer[Any]):
    state = serializers.ChoiceField(NEEDS)
    percent = Percent(allow_null=True)
    points = Points(allow_null=True)
    of = Points(allow_null=True)


@example(percent="50.0", pass_percent="70.0", passed=False)
class OverallOut(serializers.Serializer[Any]):
    percent = Percent()
    pass_percent = Percent()
    passed = serializers.BooleanField(source="has_passed")
    needed_on_exam = NeedOut(source="need", allow_null=True)


@example(
    id="review",
    title="Review questions",
    weight="50.0",
    percent="100.0",
    pass_percent="60.0",
    extra_credit=False,
    drop_lowest=0,
)
class CategoryOut(Kept):
    id = serializers.CharField(source="key")
    title = serializers.CharField()
    weight = Percent()
    percent = Percent()
    pass_percent = Percent()
    extra_credit = serializers.BooleanField(source="is_extra")
    drop_lowest = serializers.IntegerField()


@example(
    id="8h6g4s2a1rty",
    kind="review",
    title="Review questions",
    category="review",
    percent="100.0",
    points_earned="1",
    points_possible="1",
    pass_percent="60.0",
    state="done",
    extra_credit=False,
    dropped=False,
    exempt=False,
    points_late="0",
)
class ItemOut(Kept):
    id = serializers.CharField(source="activity")
    kind = serializers.CharField()
    title = serializers.CharField()
    category = serializers.CharField()
    percent = Percent()
    points_earned = Points()
    points_possible = Points()
    pass_percent = Percent()
    state = serializers.ChoiceField(STATES)
    extra_credit = serializers.BooleanField(source="is_extra")
    dropped = serializers.BooleanField(source="is_dropped")
    exempt = serializers.BooleanField(source="is_exempt")
    points_late = Points()


class CertificateLink(serializers.Serializer[Any]):
    code = serializers.CharField()
    url = serializers.CharField()


@example(withheld=[], certificate=None)
class Progress(serializers.Serializer[Any]):
    overall = OverallOut(source="*")
    categories = CategoryOut(many=True)
    items = ItemOut(many=True)
    withheld = serializers.SerializerMethodField()
    certificate = serializers.SerializerMethodField()

    def get_withheld(self, grade: CourseGrade) -> list[str]:
        """Return the exams that are graded, and whose result the learner does not see yet."""
        return sorted(grade.withheld)

    @extend_schema_field(CertificateLink(allow_null=True))
    def get_certificate(self, grade: CourseGrade) -> None:
        """Leave it to the endpoint, which knows the address of this site."""


def progress_body(request: Request, learner_id: int, course_id: int, grade: CourseGrade) -> dict[str, object]:
    """Return the progress of a learner, whose grade it is."""
    link = certificate_link(request, learner_id, course_id, grade)
    return {**json_of(Progress, grade), "certificate": link}


def certificate_link(request: Request, learner_id: int, course_id: int, grade: CourseGrade) -> dict[str, str] | None:
    """Return where a learner's valid certificate can be verified."""
    state = certificate_of(learner_id, course_id) if grade.is_certified else None
    if state is None:
        return None
    code = state.certificate.code
    return {"code": code, "url": request.build_absolute_uri(f"/certificates/{code}/")}


@example(
    code="ABCD-EFGH-JKLM",
    course="Deep Learning with TensorFlow",
    name="Ada L.",
    issued_at="2026-11-25T13:00:00Z",
    pass_percent="70.0",
    is_valid=True,
)
class CertificateOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    course = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    issued_at = Moment()
    pass_percent = Percent()
    is_valid = serializers.BooleanField()
    revoked_at = Moment(allow_null=True)
