"""Shapes of who may join a course (docs/api.md)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from course.rules.joining import WAYS, InvitationState
from course.rules.visibility import VISIBILITIES
from foundation.serializers import Moment, Strict, example
from foundation.validators import known_year


@example(enrollment="code")
class JoiningIn(Strict):
    enrollment = serializers.ChoiceField(WAYS, allow_null=True)


@example(enrollment="code", set_here="code", code="K7QM-2XVB")
class JoiningOut(serializers.Serializer[Any]):
    """`set_here` is null if course.yaml decides; `code` is null unless people join by a code."""

    enrollment = serializers.ChoiceField(WAYS)
    set_here = serializers.ChoiceField(WAYS, allow_null=True)
    code = serializers.CharField(allow_null=True)


@example(visibility="private")
class VisibilityShape(Strict):
    visibility = serializers.ChoiceField(VISIBILITIES)


@example(archived_at="2026-11-25T12:00:00Z")
class ArchiveOut(serializers.Serializer[Any]):
    archived_at = Moment(allow_null=True)


@example(note="Monday class", expires_at="2026-12-25T12:00:00Z", most_uses=40)
class InvitationIn(Strict):
    note = serializers.CharField(max_length=200)
    expires_at = Moment(required=False, allow_null=True, default=None, validators=[known_year])
    most_uses = serializers.IntegerField(min_value=1, max_value=100_000, required=False, allow_null=True, default=None)


@example(
    id="5",
    url="http://localhost:8000/join/9vXq2mT7hLw3kPz8rBcYd4Nf/",
    note="Monday class",
    expires_at="2026-12-25T12:00:00Z",
    most_uses=40,
    uses=12,
    state="valid",
)
class InvitationOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    url = serializers.SerializerMethodField()
    note = serializers.CharField()
    created_at = Moment()
    expires_at = Moment(allow_null=True)
    most_uses = serializers.IntegerField(allow_null=True)
    uses = serializers.IntegerField()
    state = serializers.SerializerMethodField()

    def get_url(self, invitation: Any) -> str:
        return str(self.context["url"])

    @extend_schema_field(serializers.ChoiceField([state.value for state in InvitationState]))
    def get_state(self, invitation: Any) -> str:
        return str(self.context["state"])
