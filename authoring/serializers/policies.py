"""Shapes of the settings that decide grades, and of changes to them (docs/api.md).

A setting that is null is not said: then that of the course applies, or the usual one.
"""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from authoring.folder import LONGEST_GRACE, LONGEST_LIMIT, NONE, is_time_limit
from authoring.serializers.late_policies import LateChangeOut
from foundation.refusals import refuses
from foundation.serializers import Strict, example, example_of
from grading.serializers import Percent
from questions import types
from quizzes.rules.disclosure import SHOWN_AT

LONGEST = 80  # characters of an id
UNSAID: dict[str, Any] = {"required": False, "allow_null": True}
VERSION_SHOWN = "9b871512327c09ce91dd649b3f96a63b7408ef267c8cc5710114e629730cb61f"  # in examples


class PlainNumber(serializers.DecimalField):
    """An exact number without trailing zeros: "33.3"."""

    def __init__(self, *, least: str, most: str, required: bool = True) -> None:
        limits = {"min_value": Decimal(least), "max_value": Decimal(most)}
        super().__init__(max_digits=12, decimal_places=6, required=required, **limits)

    def to_internal_value(self, data: object) -> Decimal:
        return super().to_internal_value(data).normalize()

    def to_representation(self, value: object) -> str:
        return format(Decimal(str(value)).normalize(), "f")


MINUTES_OR_NONE = {
    "description": "Minutes, or none for an exam without a time limit.",
    "anyOf": [
        {"type": "integer", "minimum": 1, "maximum": LONGEST_LIMIT},
        {"type": "string", "enum": [NONE]},
        {"type": "null"},
    ],
}


@extend_schema_field(MINUTES_OR_NONE)
class TimeLimit(serializers.Field):
    """Minutes, or the word “none”."""

    def to_internal_value(self, data: object) -> object:
        if is_time_limit(data):
            return data
        raise serializers.ValidationError(f"Write a whole number from 1 to {LONGEST_LIMIT}, or {NONE}.")

    def to_representation(self, value: object) -> object:
        return value


def numbers_of_attempts() -> dict[str, serializers.IntegerField]:
    """Return a field for the attempts at each type of question, and one for every other type."""
    limits: dict[str, Any] = {"min_value": 1, "max_value": 100, **UNSAID}
    return {name: serializers.IntegerField(**limits) for name in ("default", *types.names())}


# The types of questions are folders, which no module lists.
AttemptNumbers: type[Strict] = type("AttemptNumbers", (Strict,), numbers_of_attempts())


@example(verdict=None, score=None, key="final", explanation=None)
class ShownWhen(Strict):
    """When learners see each part. `end` is the end of the learner's exam."""

    verdict = serializers.ChoiceField(SHOWN_AT, **UNSAID)
    score = serializers.ChoiceField(SHOWN_AT, **UNSAID)
    key = serializers.ChoiceField(SHOWN_AT, **UNSAID)
    explanation = serializers.ChoiceField(SHOWN_AT, **UNSAID)


@example(review=example_of(ShownWhen), exam=example_of(ShownWhen) | {"key": "end"})
class ShownOfCourse(Strict):
    review = ShownWhen()
    exam = ShownWhen()


class LateSetting(Strict):
    percent_per_day = serializers.IntegerField(min_value=0, max_value=100)
    grace_minutes = serializers.IntegerField(min_value=0, max_value=LONGEST_GRACE, **UNSAID)
    lowest_percent = serializers.IntegerField(min_value=0, max_value=100, **UNSAID)


@example(
    id="review",
    title="Review questions",
    weight="50",
    pass_percent="0",
    of="review",
    drop_lowest=1,
    extra_credit=None,
    items=None,
    extra_items=None,
)
class CategorySetting(Strict):
    """`items` null counts everything of the kind that `of` names. `extra_items` are extra credit within the category."""

    id = serializers.CharField(max_length=LONGEST)
    title = serializers.CharField(max_length=200)
    weight = PlainNumber(least="0", most="100")
    pass_percent = PlainNumber(least="0", most="100")
    of = serializers.ChoiceField(["review", "exam", "lab", "mixed", "column"])
    drop_lowest = serializers.IntegerField(min_value=0, max_value=50, **UNSAID)
    extra_credit = serializers.BooleanField(**UNSAID)
    items = serializers.ListField(child=serializers.CharField(max_length=LONGEST), max_length=500, **UNSAID)
    extra_items = serializers.ListField(child=serializers.CharField(max_length=LONGEST), max_length=500, **UNSAID)


@example(
    id="oral",
    title="Oral exam",
    maximum="10",
    category="exam",
    due="2027-03-01 08:00",
    extra_credit=None,
)
class ColumnSetting(Strict):
    """A graded item without an activity, whose points instructors enter. `due` is in the course's time zone."""

    id = serializers.CharField(max_length=LONGEST)
    title = serializers.CharField(max_length=200)
    maximum = PlainNumber(least="0.01", most="1000")
    category = serializers.CharField(max_length=LONGEST)
    due = serializers.CharField(max_length=16, **UNSAID)
    extra_credit = serializers.BooleanField(**UNSAID)


@example(
    pass_percent="70",
    columns=[],
    categories=[
        example_of(CategorySetting),
        example_of(CategorySetting) | {"id": "exam", "title": "Final exam", "of": "exam", "drop_lowest": None},
    ],
    attempts={"default": 2, "true_false": 1, **{name: None for name in types.names() if name != "true_false"}},
    late=None,
    show=example_of(ShownOfCourse),
)
class PolicySettings(Strict):
    """What course.yaml says about grades. In a change, what is missing stays as it is."""

    pass_percent = PlainNumber(least="0", most="100", required=False)
    categories = CategorySetting(many=True, required=False, allow_empty=False, max_length=50)
    columns = ColumnSetting(many=True, required=False, max_length=200)
    attempts = AttemptNumbers(required=False)
    late = LateSetting(**UNSAID)
    show = ShownOfCourse(required=False)


@example(module="learning", difficulty=1, count=5, points="1")
class StratumSetting(Strict):
    """So many questions of a module and a difficulty, drawn for each learner."""

    module = serializers.CharField(max_length=LONGEST)
    difficulty = serializers.IntegerField(min_value=1, max_value=3)
    count = serializers.IntegerField(min_value=1, max_value=500)
    points = PlainNumber(least="0.01", most="1000")


@example(
    title="Midterm",
    time_limit=60,
    opens=None,
    due=None,
    closes="2027-03-01 23:59",
    attempts=None,
    show=None,
    late=None,
    draw=[example_of(StratumSetting)],
)
class AssessmentSettings(Strict):
    """What an exam or a module's review questions say. Only exams have `time_limit` and `draw`, and they and
    further review questions of a module have a `title`. An exam whose `draw` is null asks all questions of its pool.

    Dates are local times of the course, such as 2027-03-01 23:59. In a change, what is missing stays as it is.
    """

    title = serializers.CharField(max_length=200, **UNSAID)
    time_limit = TimeLimit(**UNSAID)
    opens = serializers.CharField(max_length=20, **UNSAID)
    due = serializers.CharField(max_length=20, **UNSAID)
    closes = serializers.CharField(max_length=20, **UNSAID)
    attempts = AttemptNumbers(**UNSAID)
    show = ShownWhen(**UNSAID)
    late = LateSetting(**UNSAID)
    draw = StratumSetting(many=True, allow_empty=False, max_length=100, **UNSAID)


@refuses("preview_stale")
@example(version=VERSION_SHOWN, reason="", dry_run=True, expected="")
class SettingsChangeIn(Strict):
    """`version` is that of the settings as you read them, and `expected` that of a preview."""

    version = serializers.CharField(max_length=64)
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    dry_run = serializers.BooleanField(required=False, default=False)
    expected = serializers.CharField(max_length=64, required=False, default="", allow_blank=True)


@refuses("revocation_needs_reason", "certificate_not_offered")
@example(
    version=VERSION_SHOWN,
    reason="The pass mark was published by mistake.",
    dry_run=False,
    expected="4a2ba8533743345bac9340d78cda6bc2a4e27d0aae58f2e2f9fdcf09f883af3e",
    revoke=["ABCD-EFGH-2345"],
)
class UndoneSettingsIn(SettingsChangeIn):
    """`revoke` lists the codes of certificates to revoke, out of those that the preview offers as `unearned`. Its learners
    read the `reason`, which is then required.
    """

    revoke = serializers.ListField(
        child=serializers.CharField(max_length=20), max_length=10_000, required=False, default=list
    )


@example(
    version=VERSION_SHOWN, changes={"pass_percent": "65"}, reason="As agreed with the class.", dry_run=True, expected=""
)
class PolicyChangeIn(SettingsChangeIn):
    """`version` is that of the settings as you read them, and `expected` that of a preview."""

    changes = PolicySettings()


@example(
    version=VERSION_SHOWN,
    changes={"time_limit": 90, "closes": "2027-03-01 23:59", "show": {"key": "closed"}},
    reason="",
    dry_run=False,
    expected="",
)
class AssessmentChangeIn(SettingsChangeIn):
    """`version` is that of the settings as you read them, and `expected` that of a preview."""

    changes = AssessmentSettings()


@example(version=VERSION_SHOWN, can_undo=True)
class PublishedPolicyOut(serializers.Serializer[Any]):
    """`version` changes with each publication of the text that says the settings. `can_undo` tells whether the last one
    was made on this site and can be undone.
    """

    version = serializers.CharField()
    can_undo = serializers.BooleanField()
    settings = PolicySettings()


@example(kind="exam", version=VERSION_SHOWN, can_undo=False)
class PublishedAssessmentOut(serializers.Serializer[Any]):
    """As for the policy of the course. `kind` is that of the assessment."""

    kind = serializers.ChoiceField(["review", "exam"])
    version = serializers.CharField()
    can_undo = serializers.BooleanField()
    settings = AssessmentSettings()


@example(code="ABCD-EFGH-2345", username="ada", percent="55.0", pass_percent="70.0")
class UnearnedCertificateOut(serializers.Serializer[Any]):
    """A certificate that the undone publication issued, and that its learner would not hold otherwise: `percent` is the
    overall grade after the undo.
    """

    code = serializers.CharField()
    username = serializers.CharField()
    percent = Percent()
    pass_percent = Percent()


@example(version=VERSION_SHOWN, unearned=[])
class SettingsChangeOut(LateChangeOut):
    """The grades that move, and the version that is published now. A change with this `expected` moves exactly these.

    `unearned` are the certificates that an undo may revoke, and is empty for any other change.
    """

    version = serializers.CharField()
    unearned = UnearnedCertificateOut(many=True)
