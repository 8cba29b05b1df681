"""Shapes of the columns of a course and of the points that instructors enter there (docs/api.md)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from foundation.reasons import LONGEST
from foundation.refusals import refuses
from foundation.serializers import Moment, Strict, example
from grading.rules.arithmetic import points_text
from grading.rules.overrides import MOST
from grading.serializers import Points
from people.serializers import LearnerOut


@example(
    id="8h6g4s2a1rty",
    key="oral",
    title="Oral exam",
    maximum="10",
    category="exam",
    due_at="2027-03-01T07:00:00Z",
    extra_credit=False,
    given=17,
)
class ColumnOut(serializers.Serializer[Any]):
    """A column. `id` is that of its item in the gradebook, and `key` its id in the course's text. `given` is the number of
    learners who have points in it or are exempt.
    """

    id = serializers.CharField(source="column.pk")
    key = serializers.CharField(source="column.key")
    title = serializers.CharField(source="column.title")
    maximum = serializers.SerializerMethodField()
    category = serializers.CharField(source="column.category")
    due_at = Moment(source="column.due_at", allow_null=True)
    extra_credit = serializers.BooleanField(source="column.is_extra")
    given = serializers.IntegerField()

    @extend_schema_field(Points)
    def get_maximum(self, line: Any) -> str:
        return points_text(line.column.maximum)


@example()
class ColumnsOut(serializers.Serializer[Any]):
    """The columns of the course, in order."""

    columns = ColumnOut(many=True)


@example(learner="17", points="7.5", comment="Well argued.")
class LearnerPointsIn(Strict):
    """Points from 0 to the maximum of the column, or `exempt: true` with a comment that says why. Null removes either."""

    learner = serializers.CharField(max_length=20)
    points = serializers.DecimalField(max_digits=9, decimal_places=2, required=False, allow_null=True, default=None)
    exempt = serializers.BooleanField(required=False, default=False)
    comment = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["exempt"] and attrs["points"] is not None:
            raise serializers.ValidationError({"points": "Send either points or exempt: true."})
        return attrs


@refuses("preview_stale")
@example(
    points=[{"learner": "17", "points": "7.5", "comment": "Well argued."}, {"learner": "18", "points": None}],
    dry_run=True,
    expected="",
)
class ColumnPointsIn(Strict):
    """All lines are stored, or none. With the `expected` of a preview, exactly its changes are made."""

    points = LearnerPointsIn(many=True, allow_empty=False, max_length=MOST)
    dry_run = serializers.BooleanField(required=False, default=False)
    expected = serializers.CharField(max_length=64, required=False, default="", allow_blank=True)


@example(points="7.5", exempt=False, comment="Well argued.")
class LearnerPointsOut(serializers.Serializer[Any]):
    """What a learner has in a column. `comment` is blank if somebody else wrote it and your role may not read it."""

    learner = LearnerOut(source="*")
    points = Points(allow_null=True)
    exempt = serializers.BooleanField()
    comment = serializers.CharField(allow_blank=True)


@example()
class ColumnPointsOut(serializers.Serializer[Any]):
    """The lines that were stored. Lines that say what is stored already are left out."""

    points = LearnerPointsOut(many=True)
