"""Shapes of exports, deletions and statements (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Moment, Strict
from grading.serializers import STATES, Percent, Points

EXPORT_STATES = ["none", "building", "ready"]


class ExportOut(serializers.Serializer[Any]):
    state = serializers.ChoiceField(EXPORT_STATES)
    percent = serializers.IntegerField()
    requested_at = Moment(allow_null=True)
    kept_until = Moment(allow_null=True)
    size = serializers.IntegerField(allow_null=True)


class DeletionIn(Strict):
    password = serializers.CharField(max_length=1000, trim_whitespace=False)
    otp = serializers.CharField(max_length=32, required=False, allow_blank=True)


class DeletionOut(serializers.Serializer[Any]):
    due_at = Moment(allow_null=True)


class PublishedKey(serializers.Serializer[Any]):
    id = serializers.CharField()
    public_key = serializers.CharField()
    first_used_at = Moment()


class PublishedKeys(serializers.Serializer[Any]):
    keys = PublishedKey(many=True)


class StatementLearner(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField(allow_blank=True)


class StatementCourse(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    revision = serializers.CharField()


class StatementCertificate(serializers.Serializer[Any]):
    code = serializers.CharField()
    is_valid = serializers.BooleanField()


class StatementQuestion(serializers.Serializer[Any]):
    id = serializers.CharField()
    key = serializers.CharField()
    earned = Points()
    possible = Points()
    late = Points()


class StatementLatePolicy(serializers.Serializer[Any]):
    """The late policy of an item, with the learner's own due date."""

    due_at = Moment()
    percent_per_day = serializers.IntegerField()
    grace_minutes = serializers.IntegerField()
    lowest_percent = serializers.IntegerField()


class StatementItem(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(["review", "exam", "lab"])
    state = serializers.ChoiceField(STATES)
    earned = Points()
    possible = Points()
    answered = Points()
    override = Points(allow_null=True)
    is_extra = serializers.BooleanField()
    is_exempt = serializers.BooleanField()
    late = Points()
    late_policy = StatementLatePolicy(allow_null=True)
    questions = StatementQuestion(many=True)


class StatementCategory(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    weight = Points()
    drop_lowest = serializers.IntegerField()
    is_extra = serializers.BooleanField()
    items = StatementItem(many=True)


class StatementRecord(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    content = serializers.DictField()
    texts = serializers.DictField()
    salt = serializers.CharField(allow_blank=True)
    text_digest = serializers.CharField()
    digest = serializers.CharField()


class Statement(serializers.Serializer[Any]):
    format = serializers.CharField()
    site = serializers.CharField()
    site_name = serializers.CharField()
    made_at = Moment()
    learner = StatementLearner()
    course = StatementCourse()
    certificate = StatementCertificate(allow_null=True)
    fraction = serializers.CharField()
    percent = Percent()
    pass_percent = Points()
    has_passed = serializers.BooleanField()
    categories = StatementCategory(many=True)
    records = StatementRecord(many=True)
    key_id = serializers.CharField()
    public_key = serializers.CharField()
    signature = serializers.CharField()
