"""Shapes of exports, deletions and statements (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Moment, Strict, example
from grading.serializers import STATES, Percent, Points

EXPORT_STATES = ["none", "building", "ready"]


@example(state="ready", percent=100, requested_at="2026-11-25T12:00:00Z", kept_until="2026-12-02T12:00:00Z", size=52013)
class ExportOut(serializers.Serializer[Any]):
    state = serializers.ChoiceField(EXPORT_STATES)
    percent = serializers.IntegerField()
    requested_at = Moment(allow_null=True)
    kept_until = Moment(allow_null=True)
    size = serializers.IntegerField(allow_null=True)


@example(password="correct horse battery staple")
class DeletionIn(Strict):
    password = serializers.CharField(max_length=1000, trim_whitespace=False)
    otp = serializers.CharField(max_length=32, required=False, allow_blank=True)


@example(due_at="2026-12-09T12:00:00Z")
class DeletionOut(serializers.Serializer[Any]):
    due_at = Moment(allow_null=True)


@example(id="3f1c0a9be2d47586", public_key="5oO7Zs0gxC1mWnUu2m0g0i0yY0kqk1QxXo1m7r0vQzE=")
class PublishedKey(serializers.Serializer[Any]):
    id = serializers.CharField()
    public_key = serializers.CharField()
    first_used_at = Moment()


@example()
class PublishedKeys(serializers.Serializer[Any]):
    keys = PublishedKey(many=True)


@example(id="12", name="Ada L.")
class StatementLearner(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField(allow_blank=True)


@example(slug="deep-learning-with-tensorflow", title="Deep Learning with TensorFlow", revision="8c1f03")
class StatementCourse(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    revision = serializers.CharField()


class StatementCertificate(serializers.Serializer[Any]):
    code = serializers.CharField()
    is_valid = serializers.BooleanField()


@example(id="7m3k9w2c5xyz", key="tensors-1", earned="0.9", possible="1", late="0.1")
class StatementQuestion(serializers.Serializer[Any]):
    id = serializers.CharField()
    key = serializers.CharField()
    earned = Points()
    possible = Points()
    late = Points()


@example(due_at="2026-11-22T22:59:00.000000Z", percent_per_day=10, grace_minutes=0, lowest_percent=50)
class StatementLatePolicy(serializers.Serializer[Any]):
    """The late policy of an item, with the learner's own due date."""

    due_at = Moment()
    percent_per_day = serializers.IntegerField()
    grace_minutes = serializers.IntegerField()
    lowest_percent = serializers.IntegerField()


@example(
    id=3,
    title="Review questions",
    kind="review",
    state="in_progress",
    earned="5",
    possible="8",
    answered="6",
    is_extra=False,
    is_exempt=False,
    late="0.1",
)
class StatementItem(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(["review", "exam", "lab", "column"])
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


@example(key="review", title="Review questions", weight="50", drop_lowest=0, is_extra=False)
class StatementCategory(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    weight = Points()
    drop_lowest = serializers.IntegerField()
    is_extra = serializers.BooleanField()
    items = StatementItem(many=True)


@example(
    position=1,
    content={"kind": "grade_change", "id": 41, "item_id": 3, "points_earned": "5", "points_possible": "8"},
    texts={"reason": ""},
    salt="0c9e4f0d5b1a4e7f8a6d2c3b1f0e9d8c",
    text_digest="4a2ba8533743345bac9340d78cda6bc2a4e27d0aae58f2e2f9fdcf09f883af3e",
    digest="1d0e8c5b7a69483726150f4e3d2c1b0a99887766554433221100ffeeddccbbaa",
)
class StatementRecord(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    content = serializers.DictField()
    texts = serializers.DictField()
    salt = serializers.CharField(allow_blank=True)
    text_digest = serializers.CharField()
    digest = serializers.CharField()


@example(
    format="finalcheck statement 1",
    site="http://localhost:8000/",
    site_name="Finalcheck",
    fraction="5/16",
    percent="31.2",
    pass_percent="70",
    has_passed=False,
    key_id="3f1c0a9be2d47586",
    public_key="5oO7Zs0gxC1mWnUu2m0g0i0yY0kqk1QxXo1m7r0vQzE=",
    signature="8m0wXq7Tt1yZb3cD5eF7gH9iJ1kL3mN5oP7qR9sT1uV3wX5yZ7aB9cD1eF3gH5iJ7kL9mN1oP3qR5sT7uV9wXw==",
)
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
