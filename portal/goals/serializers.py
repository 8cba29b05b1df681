"""Shapes of a learner's weekly goal and of what they did this week."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Strict, example, example_of
from portal.goals.rules.goals import DAYS, HOURS, MOST

UNITS = tuple(MOST)


@example(day=5, hour=17)
class WeeklyTime(Strict):
    """An hour of a day of the week, 1 for Monday."""

    day = serializers.IntegerField(min_value=1, max_value=DAYS)
    hour = serializers.IntegerField(min_value=0, max_value=HOURS - 1)


@example(unit="days", amount=3, reminder=example_of(WeeklyTime))
class GoalIn(Strict):
    """At most 7 days, 100 lessons or 500 questions. Without `reminder`, no email is sent."""

    unit = serializers.ChoiceField(UNITS)
    amount = serializers.IntegerField(min_value=1, max_value=max(MOST.values()))
    reminder = WeeklyTime(required=False, allow_null=True)


@example(unit="days", amount=3)
class GoalOut(serializers.Serializer[Any]):
    unit = serializers.ChoiceField(UNITS)
    amount = serializers.IntegerField()
    reminder = WeeklyTime(allow_null=True)


@example(
    timezone="Europe/Berlin",
    first_day="2026-11-23",
    last_day="2026-11-29",
    days_studied=["2026-11-23", "2026-11-25"],
    lessons_finished=2,
    questions_answered=14,
    is_reached=False,
)
class GoalWeekOut(serializers.Serializer[Any]):
    """`days_studied` are the days on which you opened or finished a lesson for the first time, answered a question, or
    ran code in a lab.
    """

    goal = GoalOut(allow_null=True)
    timezone = serializers.CharField()
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    days_studied = serializers.ListField(child=serializers.DateField())
    lessons_finished = serializers.IntegerField()
    questions_answered = serializers.IntegerField()
    is_reached = serializers.BooleanField()
