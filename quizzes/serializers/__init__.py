"""Shapes of assessments, sittings, drafts and attempts (docs/api.md). Keys are included only once they may be shown."""

from collections.abc import Hashable
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from course.serializers import DatesInForce
from foundation.serializers import Kept, Moment, Strict, example
from grading.serializers import LateOut, Percent, Points, Progress
from questions import types
from quizzes.models import Sitting
from quizzes.rules.disclosure import SHOWN_AT
from quizzes.rules.timing import deadline_as_of, is_paused, pause_ends_at
from quizzes.selectors import Card

TYPES = list(types.names())
BUTTONS = ["check", "final_check"]


RESPONSE = {
    "description": "By the question's type: true or false; an option's id; ids; a number or a word as text; "
    "left ids to right ids; a shape.",
    "anyOf": [
        {"type": ["boolean", "string", "null"]},
        {"type": "array", "items": {"type": ["string", "integer", "null"]}},
        {"type": "object", "additionalProperties": {"type": "string"}},
    ],
}
OPTIONS = {
    "description": "What to choose from or to put in order. A question with two columns has two lists. The list is empty "
    "where the learner writes the response.",
    "anyOf": [
        {"$ref": "#/components/schemas/OptionList"},
        {
            "type": "object",
            "properties": {side: {"$ref": "#/components/schemas/OptionList"} for side in ("left", "right")},
            "required": ["left", "right"],
        },
    ],
}


@extend_schema_field(RESPONSE)
class Response(serializers.JSONField):
    """A response, in the shape of the question's type. The type decides whether it can read it."""


ANYTHING = {
    "description": "Any JSON: a draft may be unfinished. What cannot be read is not graded at the end.",
    "anyOf": [
        {"type": ["boolean", "string", "number"]},
        {"type": "array", "items": {}},
        {"type": "object", "additionalProperties": {}},
    ],
}


@extend_schema_field(ANYTHING)
class DraftResponse(serializers.JSONField):
    """A draft, as it was sent."""


@example(response="k3", revision=0)
class DraftIn(Strict):
    response = DraftResponse(allow_null=True)
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 2)


PROBLEM = "Only if the draft cannot be graded as it is: why, in words. It is saved all the same."

VARIANT = "Of a question that draws its values: the number of your variant in its bank. Other questions leave it out."
READ_AGAIN = "Only after a wrong response in a review, once the lessons of its module have opened; never in an exam."


@example(revision=1, saved_at="2026-11-25T12:10:00Z")
class ReadableDraftSaved(serializers.Serializer[Any]):
    revision = serializers.IntegerField()
    saved_at = Moment()


@example(problem="Saved, but not a number")
class DraftSaved(ReadableDraftSaved):
    problem = serializers.CharField(required=False, help_text=PROBLEM)


@example(is_flagged=True)
class FlagIn(Strict):
    is_flagged = serializers.BooleanField()


@example(response="k3", number=1, version=1)
class AttemptIn(Strict):
    response = Response(allow_null=True)
    number = serializers.IntegerField(min_value=1, max_value=100)
    button = serializers.ChoiceField(BUTTONS, required=False)
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)


@example(response="k3")
class PracticeIn(Strict):
    response = Response(allow_null=True)


@example(text="Two of the options say the same.")
class ReportIn(Strict):
    text = serializers.CharField(max_length=2000)


class SittingTimes(serializers.Serializer[Any]):
    """In a pause, `deadline_at` moves on with the time, so that the time left stays the same."""

    id = serializers.CharField()
    started_at = Moment()
    deadline_at = Moment(allow_null=True, read_only=True)
    submitted_at = Moment(allow_null=True)
    paused_at = Moment(allow_null=True, read_only=True)
    paused_until = Moment(allow_null=True, read_only=True)


OF_UNGRADED = (
    "Only of a rehearsal or a test run, which count for nothing: its kind, and the assessment that it is in all calls."
)


@example(
    id="2b4n6m8k1poi",
    deadline_at="2026-11-25T13:00:00Z",
    server_time="2026-11-25T12:10:00Z",
    kind="rehearsal",
    assessment="rehearsal-2b4n6m8k1poi",
)
class SittingOut(SittingTimes):
    """In a pause, `deadline_at` moves on with the time, so that the time left stays the same."""

    server_time = Moment(read_only=True)
    kind = serializers.ChoiceField(["rehearsal", "test_run"], required=False, help_text=OF_UNGRADED)
    assessment = serializers.CharField(required=False, help_text=OF_UNGRADED)


def sitting_at(sitting: Sitting, now: datetime) -> dict[str, object]:
    """Return what an answer says of a sitting at `now`."""
    clock = sitting.clock
    is_stopped = is_paused(clock, now)
    # Graded sittings are often read without their kind, which is not worth a query.
    kind = vars(sitting).get("kind", Sitting.Kind.GRADED)
    return {
        **({} if kind == Sitting.Kind.GRADED else {"kind": kind, "assessment": sitting.assessment.pk}),
        "id": sitting.pk,
        "assessment_id": sitting.assessment_id,
        "started_at": clock.started_at,
        "deadline_at": deadline_as_of(clock, now),
        "submitted_at": clock.submitted_at,
        "paused_at": clock.paused_at if is_stopped else None,
        "paused_until": pause_ends_at(clock) if is_stopped else None,
        "is_void": sitting.is_void,
        "server_time": now,
    }


@example(response="abc", revision=1, problem="Saved, but not a number")
class Draft(serializers.Serializer[Any]):
    response = DraftResponse(allow_null=True)
    revision = serializers.IntegerField()
    problem = serializers.CharField(required=False, help_text=PROBLEM)


@example(key="A tensor", explanation_html="<p>Its shape is a list of sizes.</p>")
class FeedbackOut(serializers.Serializer[Any]):
    key = serializers.CharField(source="key_text")
    explanation_html = serializers.CharField(allow_blank=True)


class NearMissOut(serializers.Serializer[Any]):
    """Why somebody arrives at the wrong response of this attempt, as the author says."""

    number = serializers.IntegerField()
    html = serializers.CharField()


@example(lesson_id="5t7y9u2i4opa", lesson_title="Tensors", section="c-ranks", title="Ranks and shapes")
class ReadAgainOut(serializers.Serializer[Any]):
    """The section that teaches what the question asks. Without a section, it is the whole lesson."""

    lesson_id = serializers.CharField()
    lesson_title = serializers.CharField()
    section = serializers.CharField(allow_blank=True)
    title = serializers.CharField(allow_blank=True)

    def get_attribute(self, instance: Any) -> Any:
        """Leave the whole field out if there is nothing to read again, as with most questions."""
        section = super().get_attribute(instance)
        if section is None:
            raise serializers.SkipField
        return section


class VariantNumber(serializers.IntegerField):
    """The number of a variant in its bank. A fixed question leaves the field out, as most questions do."""

    def get_attribute(self, instance: Any) -> Any:
        number = super().get_attribute(instance)
        if not number:
            raise serializers.SkipField
        return number


@example(is_correct=True)
class PracticeOut(serializers.Serializer[Any]):
    is_correct = serializers.BooleanField()
    feedback = FeedbackOut()


@example(
    id="1z3x5c7v9bnm",
    type="single_choice",
    version=1,
    variant=7,
    prompt_html="<p>What has a shape?</p>",
    options=[{"id": "k3", "html": "<p>A tensor</p>"}, {"id": "p7", "html": "<p>A session</p>"}],
    points="1",
    attempts_used=1,
    attempts_limit=2,
    is_final=True,
    is_correct=True,
    draft=None,
    is_flagged=False,
    near_misses=[],
)
class QuestionOut(Kept):
    id = serializers.CharField(source="question_id")
    type = serializers.ChoiceField(TYPES, source="version.type")
    version = serializers.IntegerField(source="version.number")
    variant = VariantNumber(source="version.variant", required=False, help_text=VARIANT)
    prompt_html = serializers.CharField(source="version.prompt_html")
    options = serializers.SerializerMethodField()
    points = serializers.SerializerMethodField()
    attempts_used = serializers.IntegerField()
    attempts_limit = serializers.IntegerField()
    is_final = serializers.BooleanField()
    is_correct = serializers.BooleanField(allow_null=True)
    draft = serializers.SerializerMethodField()
    is_flagged = serializers.BooleanField()
    feedback = FeedbackOut(allow_null=True)
    near_misses = NearMissOut(many=True)
    read_again = ReadAgainOut(required=False, help_text=READ_AGAIN)

    def kept_by(self, instance: Card) -> Hashable:
        return instance.question_id, instance.attempts_limit, instance.look, instance.order

    @extend_schema_field(OPTIONS)
    def get_options(self, card: Card) -> dict[str, Any] | list[dict[str, Any]]:
        return card.type.options(card.body)  # type: ignore[no-any-return]

    @extend_schema_field(Draft(allow_null=True))
    def get_draft(self, card: Card) -> dict[str, object] | None:
        return {**card.draft, "problem": card.problem} if card.draft and card.problem else card.draft

    @extend_schema_field(Points)
    def get_points(self, card: Card) -> str:
        return format(card.points.normalize(), "f")


@example(percent="100.0", points_earned="1", points_possible="1", points_late="0", pass_percent="60.0", state="done")
class AssessmentProgress(serializers.Serializer[Any]):
    percent = Percent()
    points_earned = Points()
    points_possible = Points()
    points_late = Points()
    pass_percent = Percent()
    state = serializers.CharField()


@example(seconds=None, opens_at=None, due_at="2026-11-24T22:59:00Z", closes_at=None)
class Limits(DatesInForce):
    seconds = serializers.IntegerField(allow_null=True)


@example(verdict="attempt", score="attempt", key="final", explanation="final")
class ShownOut(serializers.Serializer[Any]):
    """From when on a learner sees whether responses are right, the points, and a question's key and explanation."""

    verdict = serializers.ChoiceField(SHOWN_AT)
    score = serializers.ChoiceField(SHOWN_AT)
    key = serializers.ChoiceField(SHOWN_AT)
    explanation = serializers.ChoiceField(SHOWN_AT)


@example(id="8h6g4s2a1rty", kind="review", title="Review questions", sitting=None)
class AssessmentOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    kind = serializers.ChoiceField(["review", "exam"])
    title = serializers.CharField()
    limits = Limits()
    show = ShownOut()
    released_at = Moment(allow_null=True)
    late = LateOut(allow_null=True)
    sitting = SittingOut(allow_null=True)
    questions = QuestionOut(many=True)
    progress = AssessmentProgress(allow_null=True)


@example(number=1, is_correct=True, is_final=True, attempts_left=0, points_earned="1", near_miss_html="")
class AttemptOut(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    is_correct = serializers.BooleanField()
    is_final = serializers.BooleanField()
    attempts_left = serializers.IntegerField()
    points_earned = Points()
    feedback = FeedbackOut(allow_null=True)
    near_miss_html = serializers.CharField(allow_blank=True)
    read_again = ReadAgainOut(required=False, help_text=READ_AGAIN)
    progress = Progress()
