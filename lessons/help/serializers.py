"""Shapes of what learners ask about lessons and labs, and of the replies."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Moment, Strict
from lessons.help.services import LONGEST_REQUEST
from lessons.services.study_notes import LONGEST_ANCHOR


class LessonHelpIn(Strict):
    """`section` is the id of a heading, or empty for the whole lesson."""

    text = serializers.CharField(max_length=LONGEST_REQUEST)
    section = serializers.CharField(max_length=LONGEST_ANCHOR, required=False, allow_blank=True)


class LabHelpIn(Strict):
    """`cell` is empty for the whole lab. With `with_code`, your saved code of the cell, or of all cells, is sent along."""

    text = serializers.CharField(max_length=LONGEST_REQUEST)
    cell = serializers.CharField(max_length=8, required=False, allow_blank=True)
    with_code = serializers.BooleanField(required=False)


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


class OwnHelpOut(HelpOut):
    """While you sit an exam, replies are on hold."""

    is_on_hold = serializers.BooleanField()


class HelpOfLearnerOut(HelpOut):
    learner = serializers.CharField(source="learner_id")
    name = serializers.CharField(source="learner.get_full_name")


class HelpReplyIn(Strict):
    text = serializers.CharField(max_length=LONGEST_REQUEST)
