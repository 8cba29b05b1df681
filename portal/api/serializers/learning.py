"""Shapes of people, courses, outline, lessons and grade (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from course.rules.joining import WAYS
from course.serializers import DatesInForce
from foundation.serializers import Moment, Strict
from grading.serializers import STATES

NO_SCOPES = (
    "A token without scopes could do nothing. Name at least one of read and write, or leave out scopes for both."
)


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


class TokenOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = Moment(source="created")
    expires_at = Moment(source="expiry", allow_null=True)


class NewToken(serializers.Serializer[Any]):
    id = serializers.CharField()
    token = serializers.CharField()
    expires_at = Moment(allow_null=True)


class Me(serializers.Serializer[Any]):
    username = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    enrollments = serializers.ListField(child=serializers.CharField())
    timezone = serializers.CharField(allow_blank=True)


class CalendarOut(serializers.Serializer[Any]):
    url = serializers.CharField(allow_null=True)


class CourseRow(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    enrollment = serializers.ChoiceField(WAYS, source="joins_by")


class EnrollmentIn(Strict):
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    code = serializers.CharField(max_length=40, required=False, allow_blank=True)
    invitation = serializers.CharField(max_length=40, required=False, allow_blank=True)


class EnrollmentOut(serializers.Serializer[Any]):
    course = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    role = serializers.CharField()
    enrolled_at = Moment()


class OutlineLesson(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    minutes = serializers.IntegerField()
    state = serializers.ChoiceField(STATES)


class OutlineLab(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    minutes = serializers.IntegerField()
    state = serializers.ChoiceField(STATES)


class OutlineAssessment(DatesInForce):
    id = serializers.CharField()
    kind = serializers.ChoiceField(["review", "exam"])
    title = serializers.CharField()
    state = serializers.ChoiceField(STATES)


class OutlineModule(DatesInForce):
    id = serializers.CharField()
    title = serializers.CharField()
    objectives = serializers.ListField(child=serializers.CharField())
    lessons = OutlineLesson(many=True)
    labs = OutlineLab(many=True)
    assessments = OutlineAssessment(many=True)


class Outline(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    modules = OutlineModule(many=True)


class LessonOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    minutes = serializers.IntegerField()
    state = serializers.ChoiceField(STATES)
    html = serializers.CharField()
    source = serializers.CharField()
