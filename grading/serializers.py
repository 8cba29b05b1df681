"""Shapes of percents and points, as every answer of the API shows them."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field({"type": "string", "pattern": r"^\d+\.\d$"})
class Percent(serializers.CharField):
    """A percent as every page shows it, with one decimal and no sign: "70.0"."""


@extend_schema_field({"type": "string", "pattern": r"^\d+(\.\d+)?$"})
class Points(serializers.CharField):
    """Exact points without trailing zeros: "32" or "0.5"."""
