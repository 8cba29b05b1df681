"""Shapes of late policies and of changes to them (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from authoring.folder import LONGEST_GRACE
from foundation.refusals import refuses
from foundation.serializers import Moment, Strict, example, example_of
from grading.serializers import Percent


class LatePolicyNumbers(Strict):
    percent_per_day = serializers.IntegerField(min_value=0, max_value=100)
    grace_minutes = serializers.IntegerField(min_value=0, max_value=LONGEST_GRACE, required=False, default=0)
    lowest_percent = serializers.IntegerField(min_value=0, max_value=100, required=False, default=0)


@refuses("preview_stale")
@example(
    assessment="8h6g4s2a1rty",
    policy={"percent_per_day": 10, "grace_minutes": 120, "lowest_percent": 50},
    dry_run=True,
    expected="",
)
class LatePolicyIn(Strict):
    """`assessment` is the id of an assessment or a lab, and null the whole course. `policy` null removes what is written there."""

    assessment = serializers.CharField(max_length=12, allow_null=True)
    policy = LatePolicyNumbers(allow_null=True)
    dry_run = serializers.BooleanField(required=False, default=False)
    expected = serializers.CharField(max_length=64, required=False, default="", allow_blank=True)


@example(percent_per_day=10, grace_minutes=120, lowest_percent=50)
class LateNumbersOut(serializers.Serializer[Any]):
    percent_per_day = serializers.IntegerField()
    grace_minutes = serializers.IntegerField(default=0)
    lowest_percent = serializers.IntegerField(default=0)


@example(
    kind="assessment", assessment="8h6g4s2a1rty", title="Introduction", is_due=True, late_from="2026-11-25T00:59:00Z"
)
class LatePlaceOut(serializers.Serializer[Any]):
    """`own` is what the course, the assessment or the lab says, and `in_force` what applies to something that is due."""

    kind = serializers.ChoiceField(["course", "assessment", "lab"])
    assessment = serializers.SerializerMethodField()
    title = serializers.CharField(allow_blank=True)
    is_due = serializers.BooleanField()
    own = LateNumbersOut(allow_null=True)
    in_force = LateNumbersOut(allow_null=True)
    late_from = Moment(source="in_force.late_from", allow_null=True, default=None)

    def get_assessment(self, late_place: Any) -> str | None:
        return late_place.activity or None


OWN_SHOWN = {"percent_per_day": 10, "grace_minutes": 0, "lowest_percent": 0}
COURSE_SHOWN = {
    "kind": "course",
    "assessment": None,
    "title": "",
    "own": OWN_SHOWN,
    "in_force": None,
    "late_from": None,
}


@example(policies=[example_of(LatePlaceOut) | COURSE_SHOWN, example_of(LatePlaceOut)])
class LatePoliciesOut(serializers.Serializer[Any]):
    policies = LatePlaceOut(many=True)


@example(username="ada", before="72.0", after="71.5", had_passed=True, has_passed=True)
class MovementOut(serializers.Serializer[Any]):
    username = serializers.CharField()
    before = Percent()
    after = Percent()
    had_passed = serializers.BooleanField()
    has_passed = serializers.BooleanField()


@example(expected="4a2ba8533743345bac9340d78cda6bc2a4e27d0aae58f2e2f9fdcf09f883af3e", is_written=False, lowered=[])
class LateChangeOut(serializers.Serializer[Any]):
    """The grades that move, and the activities that would ask less or be worth less. A change with this `expected` does
    exactly that.
    """

    expected = serializers.CharField()
    is_written = serializers.BooleanField()
    movements = MovementOut(many=True)
    lowered = serializers.ListField(child=serializers.CharField())
