"""Shapes of the figures of questions (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Moment, example


@example(value=0.81, low=0.72, high=0.88, questions=24, learners=38, is_small=False)
class AlphaOut(serializers.Serializer[Any]):
    """Cronbach's alpha with Feldt's 95 % interval. `is_small`: so few learners that it is a rough estimate."""

    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    questions = serializers.IntegerField()
    learners = serializers.IntegerField()
    is_small = serializers.BooleanField()


@example(response="A tensor", count=25, share=0.61, rest=0.74, is_right=True)
class ChoiceOut(serializers.Serializer[Any]):
    """A first response: how many gave it, their share, and how they do on the other questions."""

    response = serializers.CharField()
    count = serializers.IntegerField()
    share = serializers.FloatField()
    rest = serializers.FloatField(allow_null=True)
    is_right = serializers.BooleanField()


@example(variant=7, asked=12, facility=0.5, facility_at_once=0.25, is_unusual=False)
class VariantFiguresOut(serializers.Serializer[Any]):
    """The figures of one variant. `is_unusual`: harder or easier than the others by more than chance explains."""

    variant = serializers.IntegerField()
    asked = serializers.IntegerField()
    facility = serializers.FloatField()
    facility_at_once = serializers.FloatField()
    is_unusual = serializers.BooleanField()


@example(
    question="1z3x5c7v9bnm",
    asked=41,
    facility=0.83,
    facility_at_once=0.61,
    discrimination=0.42,
    attempts={"1": 30, "2": 11},
    seconds=45.5,
    unchosen=["A session"],
    suspicion="",
    is_small=False,
)
class FiguresOut(serializers.Serializer[Any]):
    """The figures of one question. Shares are from 0 to 1; all but `asked` are missing while nobody was asked.

    `attempts` says how many learners used 1, 2, … attempts; `suspicion` why the key may be wrong, or "".
    """

    question = serializers.CharField()
    asked = serializers.IntegerField()
    facility = serializers.FloatField(required=False)
    facility_at_once = serializers.FloatField(required=False)
    discrimination = serializers.FloatField(required=False, allow_null=True)
    attempts = serializers.DictField(child=serializers.IntegerField(), required=False)
    seconds = serializers.FloatField(required=False, allow_null=True)
    choices = ChoiceOut(many=True, required=False)
    variants = VariantFiguresOut(many=True, required=False)
    unchosen = serializers.ListField(child=serializers.CharField(), required=False)
    suspicion = serializers.CharField(required=False, allow_blank=True)
    is_small = serializers.BooleanField(required=False)


@example(assessment_id="8h6g4s2a1rty", computed_at="2026-11-25T03:00:00Z", learners=41)
class AnalysisOut(serializers.Serializer[Any]):
    """The figures of an assessment. `computed_at` is null before the first computation."""

    assessment_id = serializers.CharField()
    computed_at = Moment(allow_null=True)
    learners = serializers.IntegerField()
    alpha = AlphaOut(allow_null=True)
    questions = FiguresOut(many=True)
