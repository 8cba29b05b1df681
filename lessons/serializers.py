"""Shapes of what learners note in lessons, for themselves."""

from typing import Any

from rest_framework import serializers

from foundation.serializers import Moment, Strict, example
from lessons.rules.searching import LONGEST_QUERY
from lessons.services.study_notes import LONGEST_ANCHOR, LONGEST_CONTEXT, LONGEST_NOTE, LONGEST_QUOTE

KINDS_OF_NOTE = ["bookmark", "highlight", "note"]


@example(
    section="c-rank",
    quote="A tensor has a rank,",
    before="ofonetype.",
    after="ashape",
    text="Like a matrix.",
    revision=0,
)
class NoteIn(Strict):
    """Texts are stored as sent, with the spaces at their ends."""

    section = serializers.CharField(max_length=LONGEST_ANCHOR, required=False, allow_blank=True)
    quote = serializers.CharField(max_length=LONGEST_QUOTE, required=False, allow_blank=True, trim_whitespace=False)
    before = serializers.CharField(max_length=LONGEST_CONTEXT, required=False, allow_blank=True, trim_whitespace=False)
    after = serializers.CharField(max_length=LONGEST_CONTEXT, required=False, allow_blank=True, trim_whitespace=False)
    text = serializers.CharField(max_length=LONGEST_NOTE, allow_blank=True, trim_whitespace=False)
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 2)


@example(
    id="5f0c9d1e7a3b2c4d",
    lesson="9c4v2b6m1xyz",
    kind="note",
    section="c-rank",
    section_title="Rank",
    quote="A tensor has a rank,",
    before="ofonetype.",
    after="ashape",
    text="Like a matrix.",
    is_found=True,
    revision=1,
)
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


class SearchIn(Strict):
    q = serializers.CharField(max_length=LONGEST_QUERY)


@example(
    kind="lesson",
    id="9c4v2b6m1xyz",
    course="deep-learning-with-tensorflow",
    module="Introduction",
    title="Linear regression",
    section="Today",
    anchor="c-today",
    excerpt="In TensorFlow 2, you record the loss on a tf.GradientTape.",
)
class ResultOut(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["lesson", "lab", "term"], source="entry.kind")
    id = serializers.CharField(source="entry.subject")
    course = serializers.CharField(source="entry.course.slug")
    module = serializers.CharField(source="entry.module.title")
    title = serializers.CharField(source="entry.title")
    section = serializers.CharField(source="entry.section", allow_blank=True)
    anchor = serializers.CharField(source="entry.anchor", allow_blank=True)
    excerpt = serializers.CharField(source="excerpt.plain", allow_blank=True)


@example(query="tf.GradeintTape", corrected="tf.GradientTape")
class SearchOut(serializers.Serializer[Any]):
    query = serializers.CharField()
    corrected = serializers.CharField(allow_blank=True)
    results = ResultOut(many=True)


@example(section="c-rank")
class PlaceIn(Strict):
    section = serializers.CharField(max_length=200, allow_blank=True)
