"""Shapes of percents, points and late policies, as every answer of the API shows them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.serializers import Moment


@extend_schema_field({"type": "string", "pattern": r"^\d+\.\d$"})
class Percent(serializers.CharField):
    """A percent as every page shows it, with one decimal and no sign: "70.0"."""


@extend_schema_field({"type": "string", "pattern": r"^\d+(\.\d+)?$"})
class Points(serializers.CharField):
    """Exact points without trailing zeros: "32" or "0.5"."""


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
