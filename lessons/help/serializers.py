"""Shapes of what learners ask about lessons and labs, and of the replies."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Moment, Strict, example
from lessons.help.services import LONGEST_REQUEST
from lessons.services.study_notes import LONGEST_ANCHOR


@example(text="Why is the rank 2 here?", section="c-rank")
class LessonHelpIn(Strict):
    """`section` is the id of a heading, or empty for the whole lesson."""

    text = serializers.CharField(max_length=LONGEST_REQUEST)
    section = serializers.CharField(max_length=LONGEST_ANCHOR, required=False, allow_blank=True)


@example(text="Why is my loss NaN?", cell="3", with_code=True)
class LabHelpIn(Strict):
    """`cell` is empty for the whole lab. With `with_code`, your saved code of the cell, or of all cells, is sent along."""

    text = serializers.CharField(max_length=LONGEST_REQUEST)
    cell = serializers.CharField(max_length=8, required=False, allow_blank=True)
    with_code = serializers.BooleanField(required=False)


@example(
    id="17",
    about="lab",
    place="4t8n2c6m1xyz",
    title="Linear regression",
    section="3",
    section_title="Cell 3",
    text="Why is my loss NaN?",
    code="# cell 3\nprint(1)",
    created_at="2026-11-25T12:00:00Z",
)
class HelpOut(serializers.Serializer[Any]):
    id = serializers.CharField(source="pk")
    about = serializers.ChoiceField(["lesson", "lab"], source="place_kind")
    place = serializers.CharField(source="place_id")
    title = serializers.CharField()
    section = serializers.CharField(allow_blank=True)
    section_title = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    code = serializers.CharField(allow_blank=True)
    created_at = Moment()
    answer = serializers.CharField(allow_blank=True)
    answered_at = Moment(allow_null=True)


@example(answer="The learning rate is too high.", answered_at="2026-11-25T13:00:00Z", is_on_hold=False)
class OwnHelpOut(HelpOut):
    """While you sit an exam, replies are on hold."""

    is_on_hold = serializers.BooleanField()


@example(answer="", learner="4", name="Ada L.")
class HelpOfLearnerOut(HelpOut):
    learner = serializers.CharField(source="learner_id")
    name = serializers.CharField(source="learner.get_full_name")


@example(text="The learning rate is too high.")
class HelpReplyIn(Strict):
    text = serializers.CharField(max_length=LONGEST_REQUEST)
