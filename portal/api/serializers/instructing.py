"""Shapes of what instructors read and do: gradebook, corrections, regrades (docs/api.md)."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from foundation.reasons import LONGEST
from foundation.serializers import Moment, Previewed, Reasoned, Strict
from foundation.validators import known_year
from grading.rules.arithmetic import points_text
from grading.serializers import STATES, Percent, Points, Progress
from people.rules.roster import LONGEST_GROUP
from people.serializers import LearnerOut
from portal.allowances.rules.allowances import MOST as MOST_ALLOWANCES
from quizzes.rules.attempts import MOST_EXTRA_ATTEMPTS
from quizzes.rules.corrections import KINDS
from quizzes.rules.timing import LONGEST_PAUSE
from quizzes.serializers import Response, SittingTimes

STEPS = ["issued", "revoked", "restored"]
BOTH = "Send seconds or minutes, not both."
NEITHER = "Send the seconds to add."


class OutcomeOut(serializers.Serializer[Any]):
    percent = Percent()
    passed = serializers.BooleanField(source="has_passed")


class GradebookItem(serializers.Serializer[Any]):
    id = serializers.CharField(source="activity")
    percent = Percent()
    state = serializers.ChoiceField(STATES)
    dropped = serializers.BooleanField(source="is_dropped")
    exempt = serializers.BooleanField(source="is_exempt")
    points_late = Points()


class GradebookRow(serializers.Serializer[Any]):
    learner = LearnerOut(source="*")
    overall = OutcomeOut(source="outcome")
    items = GradebookItem(many=True, source="outcome.cells")


class EffectOut(serializers.Serializer[Any]):
    learner = LearnerOut(source="*")
    before = OutcomeOut()
    after = OutcomeOut()
    certificate = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(STEPS, allow_null=True))
    def get_certificate(self, effect: dict[str, Any]) -> str | None:
        return effect["certificate"] or None


class PreviewOut(serializers.Serializer[Any]):
    """The effect of an action. A regrade applied with this `expected` does exactly this, or nothing.

    If it concerns more than 200 learners, it also corrects a response that arrives while it is applied.
    """

    expected = serializers.CharField(allow_null=True)
    effects = EffectOut(many=True)


class OverrideTarget(Previewed):
    learner = serializers.CharField(max_length=20)
    assessment = serializers.CharField(max_length=12)


class OverrideIn(OverrideTarget):
    """Either points, or `exempt: true`."""

    points = serializers.DecimalField(max_digits=9, decimal_places=2, required=False)
    exempt = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("points" in attrs) == attrs["exempt"]:
            raise serializers.ValidationError({"points": "Send either points or exempt: true."})
        return attrs


class OverrideOut(serializers.Serializer[Any]):
    """`reason` is blank if somebody else gave it and your role does not allow you to read it."""

    learner = serializers.CharField(source="learner_id")
    points = serializers.SerializerMethodField()
    exempt = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()
    created_at = Moment()

    @extend_schema_field(Points(allow_null=True))
    def get_points(self, override: Any) -> str | None:
        return None if override.points_earned is None else points_text(override.points_earned)

    def get_exempt(self, override: Any) -> bool:
        return bool(override.is_exempt)

    def get_reason(self, override: Any) -> str:
        # `reasons_of` is the id of a reader who may read only their own reasons, otherwise None.
        return override.reason if self.context["reasons_of"] in (None, override.author_id) else ""


class AccommodationIn(Reasoned):
    """`reason` becomes a private note, which no answer of the API contains."""

    learner = serializers.CharField(max_length=20)
    multiplier = serializers.DecimalField(max_digits=4, decimal_places=2)


class AccommodationOut(serializers.Serializer[Any]):
    multiplier = serializers.DecimalField(max_digits=4, decimal_places=2)
    created_at = Moment()


class DateExtensionIn(Reasoned):
    """`reason` becomes a private note, which no answer of the API contains."""

    learner = serializers.CharField(max_length=20)
    activity = serializers.CharField(max_length=40)
    due_at = Moment(allow_null=True, validators=[known_year])
    closes_at = Moment(allow_null=True, validators=[known_year])


class DateExtensionOut(serializers.Serializer[Any]):
    activity = serializers.CharField()
    due_at = Moment(allow_null=True)
    closes_at = Moment(allow_null=True)
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


class MovedGrade(serializers.Serializer[Any]):
    """An overall grade that moves, because late answers count by the learner's new due date."""

    learner = serializers.CharField(source="learner_id")
    before = Percent(source="before.percent")
    after = Percent(source="after.percent")
    crosses = serializers.BooleanField()


class AllowancesOut(serializers.Serializer[Any]):
    """What was done, or would be. Sent with this `expected`, the same request does exactly this, or nothing."""

    expected = serializers.CharField()
    rows = AllowanceOut(many=True)
    grades = MovedGrade(many=True, source="shifts")


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


class UndoIn(Previewed):
    expected = serializers.CharField(max_length=64, required=False, allow_null=True, default=None)


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


class CertificateRow(serializers.Serializer[Any]):
    code = serializers.CharField()
    learner = LearnerOut(source="*")
    issued_at = Moment()
    is_valid = serializers.BooleanField()
    revoked_at = Moment(allow_null=True)
