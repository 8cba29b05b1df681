"""Shapes of regrades of labs (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Moment, Strict
from grading.serializers.instructing import UndoIn
from people.serializers import LearnerOut


class RetestIn(Strict):
    lab = serializers.CharField(max_length=12)


class RetestOut(serializers.Serializer[Any]):
    """`done` of `total` test runs were run again. `finished_at` is null until all were, or until it was canceled."""

    id = serializers.CharField()
    lab = serializers.CharField(source="lab_id")
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    created_at = Moment()
    finished_at = Moment(allow_null=True)
    canceled = serializers.BooleanField(source="is_canceled")


class LabRegradeIn(UndoIn):
    """Without `lowers`, the new results of a test run count only if they are better."""

    retest = serializers.CharField(max_length=20)
    lowers = serializers.BooleanField(required=False, default=False)


class LabRegradeOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    lab = serializers.CharField(source="retest.lab_id")
    retest = serializers.CharField(source="retest_id")
    lowers = serializers.BooleanField()
    undoes = serializers.CharField(source="undoes_id", allow_null=True)
    reason = serializers.CharField()
    author = serializers.CharField(source="author.username")
    created_at = Moment()


class FailedAlikeOut(serializers.Serializer[Any]):
    message = serializers.CharField(allow_blank=True)
    learners = LearnerOut(many=True)


class FailedTestOut(serializers.Serializer[Any]):
    """A test: how many learners' newest test runs have it, how many fail it, and with which messages."""

    name = serializers.CharField()
    points = serializers.IntegerField()
    tested = serializers.IntegerField()
    failing = serializers.IntegerField()
    messages = FailedAlikeOut(many=True)


class LabFailuresOut(serializers.Serializer[Any]):
    lab = serializers.CharField()
    tests = FailedTestOut(many=True)
