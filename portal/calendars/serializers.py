"""The shape of the address of a calendar (docs/api.md)."""

from typing import Any

from rest_framework import serializers


class CalendarOut(serializers.Serializer[Any]):
    url = serializers.CharField(allow_null=True)
