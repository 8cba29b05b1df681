"""Shapes of API tokens (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Moment, Strict, example

NO_SCOPES = (
    "A token without scopes could do nothing. Name at least one of read and write, or leave out scopes for both."
)


@example(username="learner", password="finalcheck", name="laptop", scopes=["read", "write"], expires_in=86400)
class TokenIn(Strict):
    username = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)
    otp = serializers.CharField(max_length=32, required=False, allow_blank=True)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(["read", "write", "staff"]),
        required=False,
        allow_empty=False,
        min_length=1,
        error_messages={"empty": NO_SCOPES},
    )
    expires_in = serializers.IntegerField(min_value=60, max_value=365 * 24 * 3600, required=False)
    name = serializers.CharField(max_length=80, required=False, allow_blank=True)


@example(id="7k2mqv9x4c1t", name="laptop", scopes=["read", "write"], expires_at="2026-12-25T12:00:00Z")
class TokenOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = Moment(source="created")
    expires_at = Moment(source="expiry", allow_null=True)


@example(id="7k2mqv9x4c1t", token="0f6b1d…", expires_at="2026-12-25T12:00:00Z")
class NewToken(serializers.Serializer[Any]):
    id = serializers.CharField()
    token = serializers.CharField()
    expires_at = Moment(allow_null=True)
