"""Shapes of regrades of labs (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Moment, Strict, example
from grading.serializers.instructing import UndoIn
from people.serializers import LearnerOut


@example(lab="5k7j9h1g3fds")
class RetestIn(Strict):
    lab = serializers.CharField(max_length=12)


@example(id="4", lab="5k7j9h1g3fds", total=120, done=45, canceled=False)
class RetestOut(serializers.Serializer[Any]):
    """`done` of `total` test runs were run again. `finished_at` is null until all were, or until it was canceled."""

    id = serializers.CharField()
    lab = serializers.CharField(source="lab_id")
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    created_at = Moment()
    finished_at = Moment(allow_null=True)
    canceled = serializers.BooleanField(source="is_canceled")


@example(retest="4", lowers=False, reason="The test refused lists.", expected="9f86d081884c7d65")
class LabRegradeIn(UndoIn):
    """Without `lowers`, the new results of a test run count only if they are better."""

    retest = serializers.CharField(max_length=20)
    lowers = serializers.BooleanField(required=False, default=False)


@example(id="2", lab="5k7j9h1g3fds", retest="4", lowers=False, reason="The test refused lists.", author="instructor")
class LabRegradeOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    lab = serializers.CharField(source="retest.lab_id")
    retest = serializers.CharField(source="retest_id")
    lowers = serializers.BooleanField()
    undoes = serializers.CharField(source="undoes_id", allow_null=True)
    reason = serializers.CharField()
    author = serializers.CharField(source="author.username")
    created_at = Moment()


@example(message="predict(x) returns 2 · x. Your values are half of the expected ones.")
class FailedAlikeOut(serializers.Serializer[Any]):
    message = serializers.CharField(allow_blank=True)
    learners = LearnerOut(many=True)


@example(name="The line is evaluated", points=1, tested=38, failing=1)
class FailedTestOut(serializers.Serializer[Any]):
    """A test: how many learners' newest test runs have it, how many fail it, and with which messages."""

    name = serializers.CharField()
    points = serializers.IntegerField()
    tested = serializers.IntegerField()
    failing = serializers.IntegerField()
    messages = FailedAlikeOut(many=True)


@example(lab="5k7j9h1g3fds")
class LabFailuresOut(serializers.Serializer[Any]):
    lab = serializers.CharField()
    tests = FailedTestOut(many=True)
