"""Shapes of what learners note in lessons, for themselves, and of what they ask instructors."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Moment, Strict
from lessons.services.study_notes import LONGEST_ANCHOR, LONGEST_CONTEXT, LONGEST_NOTE, LONGEST_QUOTE
from quizzes.services.helping import LONGEST_REQUEST

KINDS_OF_NOTE = ["bookmark", "highlight", "note"]


class NoteIn(Strict):
    """Texts are stored as sent, with the spaces at their ends."""

    section = serializers.CharField(max_length=LONGEST_ANCHOR, required=False, allow_blank=True)
    quote = serializers.CharField(max_length=LONGEST_QUOTE, required=False, allow_blank=True, trim_whitespace=False)
    before = serializers.CharField(max_length=LONGEST_CONTEXT, required=False, allow_blank=True, trim_whitespace=False)
    after = serializers.CharField(max_length=LONGEST_CONTEXT, required=False, allow_blank=True, trim_whitespace=False)
    text = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, trim_whitespace=False)
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 2)


class NoteOut(serializers.Serializer[Any]):
    id = serializers.CharField(source="note.key")
    lesson = serializers.CharField(source="note.lesson_id")
    kind = serializers.ChoiceField(KINDS_OF_NOTE)
    section = serializers.CharField(source="note.section", allow_blank=True)
    section_title = serializers.CharField(allow_blank=True)
    quote = serializers.CharField(source="note.quote", allow_blank=True)
    before = serializers.CharField(source="note.before", allow_blank=True)
    after = serializers.CharField(source="note.after", allow_blank=True)
    text = serializers.CharField(source="note.text", allow_blank=True)
    is_found = serializers.BooleanField()
    revision = serializers.IntegerField(source="note.revision")
    created_at = Moment(source="note.created_at")
    saved_at = Moment(source="note.saved_at")


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
