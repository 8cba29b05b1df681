"""Shapes of people, courses, outline, lessons and grade (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from course.rules.joining import WAYS
from course.serializers import DatesInForce
from foundation.serializers import Moment, Strict
from grading.serializers import STATES


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
