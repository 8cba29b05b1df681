"""Shapes of what instructors read and change in sittings and questions (docs/api.md)."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from foundation.serializers import Moment, Previewed, Reasoned
from grading.serializers import Progress
from grading.serializers.instructing import UndoIn
from people.rules.roster import LONGEST_GROUP
from people.serializers import LearnerOut
from quizzes.rules.attempts import MOST_EXTRA_ATTEMPTS
from quizzes.rules.corrections import KINDS
from quizzes.rules.timing import LONGEST_PAUSE
from quizzes.serializers import Response, ShownOut, SittingTimes

BOTH = "Send seconds or minutes, not both."


NEITHER = "Send the seconds to add."


class AccommodationIn(Reasoned):
    """`reason` becomes a private note, which no answer of the API contains."""

    learner = serializers.CharField(max_length=20)
    multiplier = serializers.DecimalField(max_digits=4, decimal_places=2)


class AccommodationOut(serializers.Serializer[Any]):
    multiplier = serializers.DecimalField(max_digits=4, decimal_places=2)
    created_at = Moment()


class ExtraAttemptsIn(Previewed):
    """`learners`, `group` or both; `extra` replaces what they have. `reason` becomes a private note, which no answer contains."""

    assessment = serializers.CharField(max_length=12)
    learners = serializers.ListField(
        child=serializers.CharField(max_length=20), max_length=1000, required=False, default=list
    )
    group = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    extra = serializers.IntegerField(min_value=0, max_value=MOST_EXTRA_ATTEMPTS)
    expected = serializers.CharField(max_length=64, required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["learners"] and not attrs["group"]:
            raise serializers.ValidationError({"learners": "Name at least one learner or a group."})
        return attrs


class ExtraAttemptsRow(serializers.Serializer[Any]):
    """`questions` are not final for the learner. Without any, or with this number already, nothing changes."""

    learner = LearnerOut(source="*")
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    questions = serializers.IntegerField()
    changes = serializers.BooleanField(source="is_change")


class ExtraAttemptsOut(serializers.Serializer[Any]):
    """What was done, or would be. Sent with this `expected`, the same request does exactly this, or nothing."""

    assessment = serializers.CharField(source="assessment_id")
    extra = serializers.IntegerField()
    expected = serializers.CharField(source="digest")
    learners = ExtraAttemptsRow(many=True)


class ResumptionIn(Reasoned):
    """`sittings` null means all running sittings, or all of the `group`."""

    sittings = serializers.ListField(child=serializers.CharField(max_length=12), max_length=1000, allow_null=True)
    group = serializers.CharField(max_length=LONGEST_GROUP, required=False, default="", allow_blank=True)


@extend_schema_serializer(deprecate_fields=["minutes"])
class ExtensionIn(ResumptionIn):
    """Either `seconds`, or `minutes`, which the next release no longer accepts."""

    seconds = serializers.IntegerField(min_value=1, max_value=36_000, required=False)
    minutes = serializers.IntegerField(min_value=1, max_value=600, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        given = {"seconds", "minutes"} & attrs.keys()
        if len(given) != 1:
            raise serializers.ValidationError({"seconds": BOTH if given else NEITHER})
        return attrs


@extend_schema_serializer(deprecate_fields=["minutes"])
class ExtensionOut(serializers.Serializer[Any]):
    """`minutes` are the seconds in minutes, rounded up."""

    sitting = serializers.CharField(source="sitting_id")
    seconds = serializers.IntegerField()
    minutes = serializers.IntegerField()
    deadline_at = Moment(source="deadline_after")


class ExtendedOut(serializers.Serializer[Any]):
    """`repeated` already had this time under the same key; `settled` are over. `left_out` were not named, and their learners
    held a full server.
    """

    extended = ExtensionOut(many=True, source="extensions")
    repeated = serializers.ListField(child=serializers.CharField())
    settled = serializers.ListField(child=serializers.CharField())
    left_out = serializers.ListField(child=serializers.CharField())


class PauseIn(ResumptionIn):
    """`hours` is the longest time of the pause. Then the clock continues, even if nobody resumed."""

    hours = serializers.IntegerField(min_value=1, max_value=LONGEST_PAUSE, default=24)


class PauseOut(serializers.Serializer[Any]):
    sitting = serializers.CharField(source="sitting_id")
    paused_at = Moment(source="created_at")
    paused_until = Moment(source="ends_at")


class PausedOut(serializers.Serializer[Any]):
    """`repeated` were paused already; the time of `over` is up."""

    paused = PauseOut(many=True, source="pauses")
    repeated = serializers.ListField(child=serializers.CharField())
    over = serializers.ListField(child=serializers.CharField())


class ResumptionOut(serializers.Serializer[Any]):
    sitting = serializers.CharField(source="pause.sitting_id")
    deadline_at = Moment(source="deadline_after")


class ResumedOut(serializers.Serializer[Any]):
    """`repeated` were not paused."""

    resumed = ResumptionOut(many=True, source="resumptions")
    repeated = serializers.ListField(child=serializers.CharField())


class VoidIn(Previewed):
    sitting = serializers.CharField(max_length=12)


class VoidOut(serializers.Serializer[Any]):
    sitting = serializers.CharField(source="sitting_id")
    is_void = serializers.SerializerMethodField()
    reason = serializers.CharField()
    created_at = Moment()

    def get_is_void(self, void: Any) -> bool:
        return void.undoes_id is None


class RegradeIn(UndoIn):
    question = serializers.CharField(max_length=12)
    kind = serializers.ChoiceField(KINDS)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False, allow_null=True, default=None)
    response = Response(allow_null=True, required=False, default=None)
    lowers = serializers.BooleanField(required=False, default=False)


class RescoringOut(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    finished_at = Moment(allow_null=True)


class RegradeOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    question = serializers.CharField(source="question_id")
    kind = serializers.ChoiceField(KINDS)
    undoes = serializers.CharField(source="undoes_id", allow_null=True)
    attempts_changed = serializers.IntegerField(read_only=True)
    reason = serializers.CharField()
    author = serializers.CharField(source="author.username")
    created_at = Moment()
    rescoring = RescoringOut()


class LearnerSitting(SittingTimes):
    assessment = serializers.CharField(source="assessment_id")
    is_void = serializers.BooleanField()


class LearnerDetail(serializers.Serializer[Any]):
    learner = LearnerOut()
    enrolled_at = Moment()
    unenrolled_at = Moment(allow_null=True)
    multiplier = serializers.DecimalField(max_digits=4, decimal_places=2)
    sittings = LearnerSitting(many=True)
    progress = Progress()


class RunningExamOut(serializers.Serializer[Any]):
    learner = LearnerOut(source="*")
    sitting = LearnerSitting()


class RunningExamsOut(serializers.Serializer[Any]):
    """The first to end comes first. `server_time` is the instant of this answer."""

    server_time = Moment()
    sittings = RunningExamOut(many=True)


class ReleaseStateOut(serializers.Serializer[Any]):
    """`finished` learners took it to its end; `open` is how many can still take it."""

    assessment = serializers.CharField(source="assessment.pk")
    title = serializers.CharField(source="assessment.title")
    show = ShownOut(source="assessment.disclosure._asdict")
    released_at = Moment(source="release.created_at", allow_null=True, default=None)
    released_by = serializers.CharField(source="release.author.username", allow_null=True, default=None)
    finished = serializers.SerializerMethodField()
    open = serializers.IntegerField()

    def get_finished(self, state: Any) -> int:
        return len(state.finished)


class ReleaseStates(serializers.Serializer[Any]):
    assessments = ReleaseStateOut(many=True)


class ReleaseIn(Reasoned):
    assessment = serializers.CharField(max_length=12)
