"""The shape of the address of a calendar (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import example


@example(url="https://courses.example.org/calendar/0f6b1d….ics")
class CalendarOut(serializers.Serializer[Any]):
    url = serializers.CharField(allow_null=True)
