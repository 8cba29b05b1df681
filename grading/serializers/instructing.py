"""Shapes of what instructors read and change in the gradebook (docs/api.md)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.refusals import refuses
from foundation.serializers import Moment, Previewed, example
from grading.rules.arithmetic import points_text
from grading.serializers import STATES, Percent, Points
from people.serializers import LearnerOut

STEPS = ["issued", "revoked", "restored"]


@example(percent="69.0", passed=False)
class OutcomeOut(serializers.Serializer[Any]):
    percent = Percent()
    passed = serializers.BooleanField(source="has_passed")


class GradebookItem(serializers.Serializer[Any]):
    id = serializers.CharField(source="activity")
    percent = Percent()
    state = serializers.ChoiceField(STATES)
    dropped = serializers.BooleanField(source="is_dropped")
    exempt = serializers.BooleanField(source="is_exempt")
    points_late = Points()


class GradebookRow(serializers.Serializer[Any]):
    learner = LearnerOut(source="*")
    overall = OutcomeOut(source="outcome")
    items = GradebookItem(many=True, source="outcome.cells")


@example(after={"percent": "71.0", "passed": True}, certificate="issued")
class EffectOut(serializers.Serializer[Any]):
    learner = LearnerOut(source="*")
    before = OutcomeOut()
    after = OutcomeOut()
    certificate = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(STEPS, allow_null=True))
    def get_certificate(self, effect: dict[str, Any]) -> str | None:
        return effect["certificate"] or None


@example()
class PreviewOut(serializers.Serializer[Any]):
    """The effect of an action. A regrade applied with this `expected` does exactly this, or nothing.

    If it concerns more than 200 learners, it also corrects a response that arrives while it is applied.
    """

    expected = serializers.CharField(allow_null=True)
    effects = EffectOut(many=True)


@refuses("preview_stale")
@example(reason="The first reading was right.", expected="9f86d081884c7d65")
class UndoIn(Previewed):
    expected = serializers.CharField(max_length=64, required=False, allow_null=True, default=None)


@example(learner="17", assessment="8h6g4s2a1rty", reason="The letter was not hers.")
class OverrideTarget(Previewed):
    learner = serializers.CharField(max_length=20)
    assessment = serializers.CharField(max_length=12)


@example(points="12", reason="Answered by letter.", dry_run=True)
class OverrideIn(OverrideTarget):
    """Either points, or `exempt: true`."""

    points = serializers.DecimalField(max_digits=9, decimal_places=2, required=False)
    exempt = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("points" in attrs) == attrs["exempt"]:
            raise serializers.ValidationError({"points": "Send either points or exempt: true."})
        return attrs


@example(learner="17", points="12", exempt=False, reason="Answered by letter.")
class OverrideOut(serializers.Serializer[Any]):
    """`reason` is blank if somebody else gave it and your role does not allow you to read it."""

    learner = serializers.CharField(source="learner_id")
    points = serializers.SerializerMethodField()
    exempt = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()
    created_at = Moment()

    @extend_schema_field(Points(allow_null=True))
    def get_points(self, override: Any) -> str | None:
        return None if override.points_earned is None else points_text(override.points_earned)

    def get_exempt(self, override: Any) -> bool:
        return bool(override.is_exempt)

    def get_reason(self, override: Any) -> str:
        # `reasons_of` is the id of a reader who may read only their own reasons, otherwise None.
        return override.reason if self.context["reasons_of"] in (None, override.author_id) else ""


@example(learner="18", before="64.5", after="70.1", crosses=True)
class MovedGrade(serializers.Serializer[Any]):
    """An overall grade that moves, because late answers count by the learner's new due date."""

    learner = serializers.CharField(source="learner_id")
    before = Percent(source="before.percent")
    after = Percent(source="after.percent")
    crosses = serializers.BooleanField()


class CertificateRow(serializers.Serializer[Any]):
    code = serializers.CharField()
    learner = LearnerOut(source="*")
    issued_at = Moment()
    is_valid = serializers.BooleanField()
    revoked_at = Moment(allow_null=True)
