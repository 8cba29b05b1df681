"""Shapes of what instructors read and change in sittings and questions (docs/api.md)."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from foundation.refusals import refuses
from foundation.serializers import Moment, Previewed, Reasoned, example
from grading.serializers import Progress
from grading.serializers.instructing import UndoIn
from people.rules.roster import LONGEST_GROUP
from people.serializers import LearnerOut
from questions.rules.attempts import MOST_EXTRA_ATTEMPTS
from quizzes.models import Regrade
from quizzes.rules.corrections import KINDS
from quizzes.rules.timing import LONGEST_PAUSE
from quizzes.rules.variants import LAST_VARIANT
from quizzes.serializers import Response, ShownOut, SittingTimes

BOTH = "Send seconds or minutes, not both."


NEITHER = "Send the seconds to add."


@example(learner="17", multiplier="1.50", reason="Granted on 24 November, file 17/26.")
class AccommodationIn(Reasoned):
    """`reason` becomes a private note, which no answer of the API contains."""

    learner = serializers.CharField(max_length=20)
    multiplier = serializers.DecimalField(max_digits=4, decimal_places=2)


@example(multiplier="1.50")
class AccommodationOut(serializers.Serializer[Any]):
    multiplier = serializers.DecimalField(max_digits=4, decimal_places=2)
    created_at = Moment()


@refuses("preview_stale")
@example(
    assessment="8h6g4s2a1rty", learners=["17"], group="Monday", extra=1, reason="Granted on 24 November, file 19/26."
)
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


@example(learner={"id": "17", "username": "ada", "name": "Ada Lovelace"}, before=0, after=1, questions=12, changes=True)
class ExtraAttemptsRow(serializers.Serializer[Any]):
    """`questions` are not final for the learner. Without any, or with this number already, nothing changes."""

    learner = LearnerOut(source="*")
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    questions = serializers.IntegerField()
    changes = serializers.BooleanField(source="is_change")


@example(assessment="8h6g4s2a1rty", extra=1, expected="9f86d081884c7d65")
class ExtraAttemptsOut(serializers.Serializer[Any]):
    """What was done, or would be. Sent with this `expected`, the same request does exactly this, or nothing."""

    assessment = serializers.CharField(source="assessment_id")
    extra = serializers.IntegerField()
    expected = serializers.CharField(source="digest")
    learners = ExtraAttemptsRow(many=True)


@example(sittings=None, reason="Everyone is back.")
class ResumptionIn(Reasoned):
    """`sittings` null means all running sittings, or all of the `group`."""

    sittings = serializers.ListField(child=serializers.CharField(max_length=12), max_length=1000, allow_null=True)
    group = serializers.CharField(max_length=LONGEST_GROUP, required=False, default="", allow_blank=True)


@extend_schema_serializer(deprecate_fields=["minutes"])
@example(sittings=["2b4n6m8k1poi"], seconds=600, reason="The fire alarm rang.")
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
@example(sitting="2b4n6m8k1poi", seconds=600, minutes=10, deadline_at="2026-11-25T13:10:00Z")
class ExtensionOut(serializers.Serializer[Any]):
    """`minutes` are the seconds in minutes, rounded up."""

    sitting = serializers.CharField(source="sitting_id")
    seconds = serializers.IntegerField()
    minutes = serializers.IntegerField()
    deadline_at = Moment(source="deadline_after")


@example(repeated=[], settled=[], left_out=[])
class ExtendedOut(serializers.Serializer[Any]):
    """`repeated` already had this time under the same key; `settled` are over. `left_out` were not named, and their learners
    held a full server.
    """

    extended = ExtensionOut(many=True, source="extensions")
    repeated = serializers.ListField(child=serializers.CharField())
    settled = serializers.ListField(child=serializers.CharField())
    left_out = serializers.ListField(child=serializers.CharField())


@example(sittings=["2b4n6m8k1poi"], hours=24, reason="The fire alarm rang.")
class PauseIn(ResumptionIn):
    """`hours` is the longest time of the pause. Then the clock continues, even if nobody resumed."""

    hours = serializers.IntegerField(min_value=1, max_value=LONGEST_PAUSE, default=24)


@example(sitting="2b4n6m8k1poi", paused_at="2026-11-25T12:10:00Z", paused_until="2026-11-26T12:10:00Z")
class PauseOut(serializers.Serializer[Any]):
    sitting = serializers.CharField(source="sitting_id")
    paused_at = Moment(source="created_at")
    paused_until = Moment(source="ends_at")


@example(repeated=[], over=[])
class PausedOut(serializers.Serializer[Any]):
    """`repeated` were paused already; the time of `over` is up."""

    paused = PauseOut(many=True, source="pauses")
    repeated = serializers.ListField(child=serializers.CharField())
    over = serializers.ListField(child=serializers.CharField())


@example(sitting="2b4n6m8k1poi", deadline_at="2026-11-25T13:20:00Z")
class ResumptionOut(serializers.Serializer[Any]):
    sitting = serializers.CharField(source="pause.sitting_id")
    deadline_at = Moment(source="deadline_after")


@example(repeated=[])
class ResumedOut(serializers.Serializer[Any]):
    """`repeated` were not paused."""

    resumed = ResumptionOut(many=True, source="resumptions")
    repeated = serializers.ListField(child=serializers.CharField())


@example(sitting="2b4n6m8k1poi", reason="The power failed.")
class VoidIn(Previewed):
    sitting = serializers.CharField(max_length=12)


@example(sitting="2b4n6m8k1poi", is_void=True, reason="The power failed.")
class VoidOut(serializers.Serializer[Any]):
    sitting = serializers.CharField(source="sitting_id")
    is_void = serializers.SerializerMethodField()
    reason = serializers.CharField()
    created_at = Moment()

    def get_is_void(self, void: Any) -> bool:
        return void.undoes_id is None


@example(
    question="1z3x5c7v9bnm", kind="accept", response="k3", reason="Both readings are fair.", expected="9f86d081884c7d65"
)
class RegradeIn(UndoIn):
    question = serializers.CharField(max_length=12)
    kind = serializers.ChoiceField(KINDS)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False, allow_null=True, default=None)
    response = Response(allow_null=True, required=False, default=None)
    lowers = serializers.BooleanField(required=False, default=False)
    variant = serializers.IntegerField(min_value=0, max_value=LAST_VARIANT, required=False, default=0)
    all_variants = serializers.BooleanField(required=False, default=False)


@example(total=210, done=210, finished_at="2026-11-25T12:00:01Z")
class RescoringOut(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    finished_at = Moment(allow_null=True)


@example(
    id="3",
    question="1z3x5c7v9bnm",
    kind="accept",
    variant=0,
    attempts_changed=41,
    reason="Both readings are fair.",
    author="instructor",
)
class RegradeOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    question = serializers.CharField(source="question_id")
    kind = serializers.ChoiceField(KINDS)
    variant = serializers.SerializerMethodField(help_text="0 for a fixed question and for corrections of all variants")
    undoes = serializers.CharField(source="undoes_id", allow_null=True)
    attempts_changed = serializers.IntegerField(read_only=True)
    reason = serializers.CharField()
    author = serializers.CharField(source="author.username")
    created_at = Moment()
    rescoring = RescoringOut()

    def get_variant(self, regrade: Regrade) -> int:
        return regrade.version.variant if regrade.version and not regrade.correction.get("variants") else 0


@example(
    id="2b4n6m8k1poi",
    assessment="4r6t8y0u2iop",
    started_at="2026-11-25T12:00:00Z",
    deadline_at="2026-11-25T13:30:00Z",
    submitted_at=None,
    paused_at=None,
    paused_until=None,
    is_void=False,
)
class LearnerSitting(SittingTimes):
    assessment = serializers.CharField(source="assessment_id")
    is_void = serializers.BooleanField()


@example(multiplier="1.50")
class LearnerDetail(serializers.Serializer[Any]):
    learner = LearnerOut()
    enrolled_at = Moment()
    unenrolled_at = Moment(allow_null=True)
    multiplier = serializers.DecimalField(max_digits=4, decimal_places=2)
    sittings = LearnerSitting(many=True)
    progress = Progress()


@example()
class RunningExamOut(serializers.Serializer[Any]):
    learner = LearnerOut(source="*")
    sitting = LearnerSitting()


@example(server_time="2026-11-25T12:10:00Z")
class RunningExamsOut(serializers.Serializer[Any]):
    """The first to end comes first. `server_time` is the instant of this answer."""

    server_time = Moment()
    sittings = RunningExamOut(many=True)


@example(
    assessment="8h6g4s2a1rty",
    title="Final exam",
    show={"verdict": "release", "score": "end", "key": "release", "explanation": "release"},
    released_at="2026-11-25T12:00:00Z",
    released_by="instructor",
    finished=38,
    open=2,
)
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


@example()
class ReleaseStates(serializers.Serializer[Any]):
    assessments = ReleaseStateOut(many=True)


@example(assessment="8h6g4s2a1rty", reason="Everyone has sat the exam.")
class ReleaseIn(Reasoned):
    assessment = serializers.CharField(max_length=12)
