"""Shapes of late policies and of changes to them (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from authoring.folder import LONGEST_GRACE
from foundation.serializers import Moment, Strict
from grading.serializers import Percent


class LatePolicyNumbers(Strict):
    percent_per_day = serializers.IntegerField(min_value=0, max_value=100)
    grace_minutes = serializers.IntegerField(min_value=0, max_value=LONGEST_GRACE, required=False, default=0)
    lowest_percent = serializers.IntegerField(min_value=0, max_value=100, required=False, default=0)


class LatePolicyIn(Strict):
    """`assessment` is the id of an assessment or a lab, and null the whole course. `policy` null removes what is written there."""

    assessment = serializers.CharField(max_length=12, allow_null=True)
    policy = LatePolicyNumbers(allow_null=True)
    dry_run = serializers.BooleanField(required=False, default=False)
    expected = serializers.CharField(max_length=64, required=False, default="", allow_blank=True)


class LateNumbersOut(serializers.Serializer[Any]):
    percent_per_day = serializers.IntegerField()
    grace_minutes = serializers.IntegerField(default=0)
    lowest_percent = serializers.IntegerField(default=0)


class LatePlaceOut(serializers.Serializer[Any]):
    """`own` is what the course, the assessment or the lab says, and `in_force` what applies to something that is due."""

    kind = serializers.ChoiceField(["course", "assessment", "lab"])
    assessment = serializers.SerializerMethodField()
    title = serializers.CharField(allow_blank=True)
    is_due = serializers.BooleanField()
    own = LateNumbersOut(allow_null=True)
    in_force = LateNumbersOut(allow_null=True)
    late_from = Moment(source="in_force.late_from", allow_null=True, default=None)

    def get_assessment(self, place: Any) -> str | None:
        return place.activity or None


class LatePoliciesOut(serializers.Serializer[Any]):
    policies = LatePlaceOut(many=True)


class MovementOut(serializers.Serializer[Any]):
    username = serializers.CharField()
    before = Percent()
    after = Percent()
    had_passed = serializers.BooleanField()
    has_passed = serializers.BooleanField()


class LateChangeOut(serializers.Serializer[Any]):
    """The grades that move, and the activities that would ask less or be worth less. A change with this `expected` does
    exactly that.
    """

    expected = serializers.CharField()
    is_written = serializers.BooleanField()
    movements = MovementOut(many=True)
    lowered = serializers.ListField(child=serializers.CharField())
