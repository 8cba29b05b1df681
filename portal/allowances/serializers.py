"""Shapes of later dates, and of what many learners get at once (docs/api.md)."""

from typing import Any

from rest_framework import serializers

from foundation.reasons import LONGEST
from foundation.refusals import refuses
from foundation.serializers import Moment, Reasoned, Strict, example
from foundation.validators import known_year
from grading.serializers.instructing import MovedGrade
from people.rules.roster import LONGEST_GROUP
from portal.allowances.rules.allowances import MOST as MOST_ALLOWANCES
from questions.rules.attempts import MOST_EXTRA_ATTEMPTS


@example(
    learner="17",
    activity="8h6g4s2a1rty",
    due_at=None,
    closes_at="2027-03-30T21:59:00Z",
    reason="Granted on 24 November, file 18/26.",
)
class DateExtensionIn(Reasoned):
    """`reason` becomes a private note, which no answer of the API contains.

    With `is_exact`, the dates count as they are, also earlier ones, and may have an opening. Otherwise they extend.
    """

    learner = serializers.CharField(max_length=20)
    activity = serializers.CharField(max_length=40)
    due_at = Moment(allow_null=True, validators=[known_year])
    closes_at = Moment(allow_null=True, validators=[known_year])
    opens_at = Moment(required=False, allow_null=True, default=None, validators=[known_year])
    is_exact = serializers.BooleanField(required=False, default=False)


@example(activity="8h6g4s2a1rty", closes_at="2027-03-30T21:59:00Z")
class DateExtensionOut(serializers.Serializer[Any]):
    activity = serializers.CharField()
    due_at = Moment(allow_null=True)
    closes_at = Moment(allow_null=True)
    created_at = Moment()


class AllowanceIn(Strict):
    """What one learner gets; null leaves things as they are. `item` is the id or the title of an assessment or a lab.

    `reason` becomes a private note, which no answer contains.
    """

    username = serializers.CharField(max_length=150)
    reason = serializers.CharField(max_length=LONGEST)
    item = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    multiplier = serializers.DecimalField(max_digits=4, decimal_places=2, required=False, allow_null=True, default=None)
    due_at = Moment(required=False, allow_null=True, default=None, validators=[known_year])
    closes_at = Moment(required=False, allow_null=True, default=None, validators=[known_year])
    extra_attempts = serializers.IntegerField(
        min_value=0, max_value=MOST_EXTRA_ATTEMPTS, required=False, allow_null=True, default=None
    )


@refuses("preview_stale")
@example(
    rows=[
        {"username": "ada", "multiplier": "1.5", "reason": "Granted on 24 November, file 17/26."},
        {
            "username": "alan",
            "item": "8h6g4s2a1rty",
            "closes_at": "2027-03-30T21:00:00Z",
            "extra_attempts": 1,
            "reason": "File 18/26.",
        },
    ]
)
class AllowancesIn(Strict):
    rows = AllowanceIn(many=True, allow_empty=False, max_length=MOST_ALLOWANCES)
    dry_run = serializers.BooleanField(required=False, default=False)
    expected = serializers.CharField(max_length=64, required=False, allow_null=True, default=None)


class AllowanceChangeOut(serializers.Serializer[Any]):
    """As text; a date that is null is that of everyone."""

    kind = serializers.ChoiceField(["multiplier", "due", "closes", "extra_attempts"])
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)


class AllowanceOut(serializers.Serializer[Any]):
    """What a row changes; nothing if the learner has all of it already."""

    learner = serializers.CharField(source="learner_id")
    item = serializers.CharField(allow_null=True)
    changes = AllowanceChangeOut(many=True)


@example(
    expected="9f86d081884c7d65",
    rows=[
        {"learner": "17", "item": None, "changes": [{"kind": "multiplier", "before": "1", "after": "1.5"}]},
        {
            "learner": "18",
            "item": "8h6g4s2a1rty",
            "changes": [
                {"kind": "closes", "before": None, "after": "2027-03-30T21:00:00Z"},
                {"kind": "extra_attempts", "before": "0", "after": "1"},
            ],
        },
    ],
)
class AllowancesOut(serializers.Serializer[Any]):
    """What was done, or would be. Sent with this `expected`, the same request does exactly this, or nothing."""

    expected = serializers.CharField()
    rows = AllowanceOut(many=True)
    grades = MovedGrade(many=True, source="shifts")


@example(activity="8h6g4s2a1rty", opens_at=None, due_at=None, closes_at="2027-03-30T21:00:00Z")
class DatesOfItemIn(Strict):
    """The dates of a group in an assessment or a lab. A date that is null is everyone's."""

    activity = serializers.CharField(max_length=40)
    opens_at = Moment(allow_null=True, validators=[known_year])
    due_at = Moment(allow_null=True, validators=[known_year])
    closes_at = Moment(allow_null=True, validators=[known_year])


@refuses("preview_stale")
@example(
    group="Section B",
    rows=[{"activity": "8h6g4s2a1rty", "opens_at": None, "due_at": None, "closes_at": "2027-03-30T21:00:00Z"}],
)
class GroupDatesIn(Strict):
    group = serializers.CharField(max_length=LONGEST_GROUP)
    rows = DatesOfItemIn(many=True, allow_empty=False, max_length=MOST_ALLOWANCES)
    dry_run = serializers.BooleanField(required=False, default=False)
    expected = serializers.CharField(max_length=64, required=False, allow_null=True, default=None)


class GroupDatesRow(serializers.Serializer[Any]):
    """The dates that a group has in an assessment or a lab. A date that is null is everyone's."""

    group = serializers.CharField()
    activity = serializers.CharField()
    opens_at = Moment(allow_null=True)
    due_at = Moment(allow_null=True)
    closes_at = Moment(allow_null=True)


@example(
    rows=[
        {
            "group": "Section B",
            "activity": "8h6g4s2a1rty",
            "opens_at": None,
            "due_at": None,
            "closes_at": "2027-03-30T21:00:00Z",
        }
    ]
)
class GroupDatesOut(serializers.Serializer[Any]):
    rows = GroupDatesRow(many=True)


class DateMoveOut(serializers.Serializer[Any]):
    """A date that moves for a learner. It is null while nothing is set."""

    learner = serializers.CharField(source="learner_id")
    activity = serializers.CharField(source="activity.id")
    name = serializers.ChoiceField(["opens_at", "due_at", "closes_at"])
    before = Moment(allow_null=True)
    after = Moment(allow_null=True)


@example(
    expected="9f86d081884c7d65",
    moves=[
        {
            "learner": "17",
            "activity": "8h6g4s2a1rty",
            "name": "closes_at",
            "before": "2027-03-23T21:00:00Z",
            "after": "2027-03-30T21:00:00Z",
        }
    ],
)
class GroupDatesDone(serializers.Serializer[Any]):
    """What moved, or would. Sent with this `expected`, the same request does exactly this, or nothing."""

    expected = serializers.CharField(source="digest")
    moves = DateMoveOut(many=True)
    grades = MovedGrade(many=True, source="shifts")
