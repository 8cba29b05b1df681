"""The shapes of practice in the API."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import example


@example(
    day="2026-11-24",
    timezone="Europe/Berlin",
    done=3,
    questions=["q1v2w3x4", "q5v6w7x8"],
    minutes=3,
    next_day="2026-11-25",
    next_count=5,
)
class PracticeDayOut(serializers.Serializer[Any]):
    """`questions` are the ids of those that wait today, in order, which take about `minutes`; `done` were practiced today.
    `next_day` is the next day with questions, null if you have none to practice, and `next_count` says how many.
    """

    day = serializers.DateField()
    timezone = serializers.CharField()
    done = serializers.IntegerField()
    questions = serializers.ListField(child=serializers.CharField())
    minutes = serializers.IntegerField()
    next_day = serializers.DateField(allow_null=True)
    next_count = serializers.IntegerField()
