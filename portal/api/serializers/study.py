"""Shapes of what learners note in lessons, for themselves."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Moment, Strict
from lessons.services.study_notes import LONGEST_ANCHOR, LONGEST_CONTEXT, LONGEST_NOTE, LONGEST_QUOTE

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
