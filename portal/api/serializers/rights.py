"""Shapes of what people may ask for about their own data."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Moment, Strict

EXPORT_STATES = ["none", "building", "ready"]


class ExportOut(serializers.Serializer[Any]):
    state = serializers.ChoiceField(EXPORT_STATES)
    percent = serializers.IntegerField()
    requested_at = Moment(allow_null=True)
    kept_until = Moment(allow_null=True)
    size = serializers.IntegerField(allow_null=True)


class DeletionIn(Strict):
    password = serializers.CharField(max_length=1000, trim_whitespace=False)
    otp = serializers.CharField(max_length=32, required=False, allow_blank=True)


class DeletionOut(serializers.Serializer[Any]):
    due_at = Moment(allow_null=True)
