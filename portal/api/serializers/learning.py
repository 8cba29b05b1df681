"""Shapes of people, courses, outline, lessons and grade (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from course.rules.joining import WAYS
from course.serializers import DatesInForce
from foundation.serializers import Moment, Strict, example, example_of
from grading.serializers import STATES


@example(
    slug="deep-learning-with-tensorflow",
    title="Deep Learning with TensorFlow",
    summary="Five modules.",
    language="en",
    enrollment="open",
)
class CourseRow(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    enrollment = serializers.ChoiceField(WAYS, source="joins_by")


@example(name="Ada L.", code="K7QM-2XVB")
class EnrollmentIn(Strict):
    name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    code = serializers.CharField(max_length=40, required=False, allow_blank=True)
    invitation = serializers.CharField(max_length=40, required=False, allow_blank=True)


@example(course="deep-learning-with-tensorflow", name="Ada L.", role="learner")
class EnrollmentOut(serializers.Serializer[Any]):
    course = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    role = serializers.CharField()
    enrolled_at = Moment()


@example(id="9c4v2b6m1xyz", title="Tensors", minutes=12, state="done")
class OutlineLesson(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    minutes = serializers.IntegerField()
    state = serializers.ChoiceField(STATES)


@example(id="5j7k9d3f2qwe", title="First steps", minutes=30, state="not_started")
class OutlineLab(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    minutes = serializers.IntegerField()
    state = serializers.ChoiceField(STATES)


@example(
    id="8h6g4s2a1rty",
    kind="review",
    title="Review questions",
    state="in_progress",
    opens_at="2026-11-02T07:00:00Z",
    due_at="2026-11-30T22:59:00Z",
    closes_at=None,
)
class OutlineAssessment(DatesInForce):
    id = serializers.CharField()
    kind = serializers.ChoiceField(["review", "exam"])
    title = serializers.CharField()
    state = serializers.ChoiceField(STATES)


@example(
    id="3nq8w5r7z1ab",
    title="Introduction",
    opens_at="2026-11-02T07:00:00Z",
    due_at=None,
    closes_at=None,
    objectives=["Say what a tensor is."],
    lessons=[example_of(OutlineLesson)],
    labs=[example_of(OutlineLab)],
    assessments=[example_of(OutlineAssessment)],
)
class OutlineModule(DatesInForce):
    id = serializers.CharField()
    title = serializers.CharField()
    objectives = serializers.ListField(child=serializers.CharField())
    lessons = OutlineLesson(many=True)
    labs = OutlineLab(many=True)
    assessments = OutlineAssessment(many=True)


@example(slug="deep-learning-with-tensorflow", title="Deep Learning with TensorFlow")
class Outline(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    modules = OutlineModule(many=True)


@example(
    kind="video",
    title="Why the gradient points uphill",
    addresses=["https://media.example.org/descent.webm"],
    captions=["en"],
    has_transcript=True,
)
class RecordingOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["video", "audio"])
    title = serializers.CharField()
    addresses = serializers.ListField(child=serializers.CharField())
    captions = serializers.ListField(child=serializers.CharField())
    has_transcript = serializers.BooleanField()


@example(
    id="9c4v2b6m1xyz",
    title="Tensors",
    minutes=12,
    state="in_progress",
    html="<p>A tensor has a shape.</p>",
    source="A tensor has a shape.",
)
class LessonOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    minutes = serializers.IntegerField()
    state = serializers.ChoiceField(STATES)
    html = serializers.CharField()
    source = serializers.CharField()
    recordings = RecordingOut(many=True, required=False)  # left out where it is empty
