"""Publish what a search finds in a course."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django.db import transaction

from course.models import CourseFile, Lesson
from course.rules.sections import sections
from lessons.models import SearchEntry, SearchWord
from lessons.rules.glossary import PATH, anchor_in, read_terms
from lessons.rules.searching import LONGEST_WORD, Findable, findable_lesson, findable_term, known_words

FIELDS = tuple(field.name for field in fields(Findable))
ROWS_AT_ONCE = 500
LONGEST_TITLE = 200


@transaction.atomic
def publish_search(*, course_id: int, labs: Sequence[Findable]) -> bool:
    """Make the course's search index what its lessons, its glossary and these `labs` say, and tell whether it changed.

    The caller publishes the content in the same transaction, so no search finds what is not published.
    """
    findables = [*_findable_texts(course_id), *labs]
    entries = [_as_stored(findable) for findable in findables]
    stored = SearchEntry.objects.filter(course_id=course_id).order_by("pk").values(*FIELDS, "heading", "body")
    if entries == list(stored):
        return False
    SearchEntry.objects.filter(course_id=course_id).delete()
    rows = [SearchEntry(course_id=course_id, **entry) for entry in entries]
    SearchEntry.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    _write_words(course_id, findables)
    return True


def _findable_texts(course_id: int) -> list[Findable]:
    rows = Lesson.objects.filter(module__course=course_id, is_retired=False, module__is_retired=False)
    lessons = list(rows.order_by("module__position", "module", "position", "pk"))
    parts = {lesson.key: sections(lesson.html) for lesson in lessons}
    entries = [
        entry
        for lesson in lessons
        for entry in findable_lesson(
            subject=lesson.pk,
            module_id=lesson.module_id,
            title=lesson.title,
            is_open=lesson.is_open,
            parts=parts[lesson.key],
        )
    ]
    by_key = {lesson.key: lesson for lesson in lessons}
    files = CourseFile.objects.filter(course=course_id, path=PATH, is_retired=False).values_list("content", flat=True)
    terms = [term for content in files for term in read_terms(bytes(content)) if term.lesson in by_key]
    return entries + [
        findable_term(
            subject=by_key[term.lesson].pk,
            module_id=by_key[term.lesson].module_id,
            term=term,
            anchor=anchor_in(term.term, parts[term.lesson]),
            is_open=by_key[term.lesson].is_open,
        )
        for term in terms
    ]


def _as_stored(findable: Findable) -> dict[str, Any]:
    values = {name: getattr(findable, name) for name in FIELDS}
    values |= {name: values[name][:LONGEST_TITLE] for name in ("title", "section", "anchor")}
    return values | {
        "formulas": list(findable.formulas),
        "heading": findable.heading_words,
        "body": findable.body_words,
    }


def _write_words(course_id: int, findables: Sequence[Findable]) -> None:
    """Store the vocabulary. How visitors' words are counted and written follows only from what visitors may read."""
    public = {word.word: word for word in known_words(findable for findable in findables if findable.is_open)}
    words = {word.word: word for word in known_words(findables)} | public
    SearchWord.objects.filter(course_id=course_id).delete()
    rows = [
        SearchWord(
            course_id=course_id,
            word=word.word,
            spelling=word.spelling,
            count=word.count,
            is_open=word.word in public,
        )
        for word in words.values()
        if max(len(word.word), len(word.spelling)) <= LONGEST_WORD
    ]
    SearchWord.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
