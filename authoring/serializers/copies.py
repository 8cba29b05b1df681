"""Shapes of copies of a course (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from authoring.folder import MOST_DAYS
from foundation.serializers import Strict, example


@example(slug="calculus-2027", title="Calculus 2027", days=364, dry_run=True)
class CopyIn(Strict):
    slug = serializers.SlugField(max_length=80, trim_whitespace=False)
    title = serializers.CharField(max_length=200)
    days = serializers.IntegerField(min_value=-MOST_DAYS, max_value=MOST_DAYS, required=False, default=0)
    dry_run = serializers.BooleanField(required=False, default=False)


@example(path="course.yaml", name="opens", before="2026-09-01 08:00", after="2027-08-31 08:00")
class MovedDate(serializers.Serializer[Any]):
    path = serializers.CharField()
    name = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


@example(slug="calculus-2027", title="Calculus 2027", lessons=40, labs=6, questions=120)
class CopyOut(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    lessons = serializers.IntegerField()
    labs = serializers.IntegerField()
    questions = serializers.IntegerField()
    dates = MovedDate(many=True)
