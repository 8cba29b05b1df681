"""Shapes of when keys and explanations are shown, and of releases (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Moment, Reasoned
from quizzes.serializers import ShownOut


class ReleaseStateOut(serializers.Serializer[Any]):
    """`finished` learners took it to its end; `open` is how many can still take it."""

    assessment = serializers.CharField(source="assessment.pk")
    title = serializers.CharField(source="assessment.title")
    show = ShownOut(source="assessment.disclosure._asdict")
    released_at = Moment(source="release.created_at", allow_null=True, default=None)
    released_by = serializers.CharField(source="release.author.username", allow_null=True, default=None)
    finished = serializers.SerializerMethodField()
    open = serializers.IntegerField()

    def get_finished(self, state: Any) -> int:
        return len(state.finished)


class ReleaseStates(serializers.Serializer[Any]):
    assessments = ReleaseStateOut(many=True)


class ReleaseIn(Reasoned):
    assessment = serializers.CharField(max_length=12)
