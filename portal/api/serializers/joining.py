"""Shapes of who may join a course (docs/api.md)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from course.rules.joining import WAYS, InvitationState
from course.rules.visibility import VISIBILITIES
from foundation.serializers import Moment, Strict
from foundation.validators import known_year


class JoiningIn(Strict):
    enrollment = serializers.ChoiceField(WAYS, allow_null=True)


class JoiningOut(serializers.Serializer[Any]):
    """`set_here` is null if course.yaml decides; `code` is null unless people join by a code."""

    enrollment = serializers.ChoiceField(WAYS)
    set_here = serializers.ChoiceField(WAYS, allow_null=True)
    code = serializers.CharField(allow_null=True)


class VisibilityShape(Strict):
    visibility = serializers.ChoiceField(VISIBILITIES)


class ArchiveOut(serializers.Serializer[Any]):
    archived_at = Moment(allow_null=True)


class InvitationIn(Strict):
    note = serializers.CharField(max_length=200)
    expires_at = Moment(required=False, allow_null=True, default=None, validators=[known_year])
    most_uses = serializers.IntegerField(min_value=1, max_value=100_000, required=False, allow_null=True, default=None)


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
