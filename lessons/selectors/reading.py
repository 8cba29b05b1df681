from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from course.models import CourseFile, Lesson
from course.rules.schedule import has_opened
from course.selectors import TEXT, published
from lessons.refusals import Refusal
from lessons.rules.glossary import PATH, Term, anchor_of, linked_terms, read_terms


def readable(is_reader: bool) -> QuerySet[Lesson]:
    """Return lessons whose text may be shown. Anonymous readers get only the open ones (D28)."""
    rows = Lesson.objects.filter(is_retired=False, module__is_retired=False).select_related("module__course")
    return (rows if is_reader else rows.filter(is_open=True)).defer("source", "listings", "contents")


def terms_of(*, is_reader: bool, now: datetime, unseen: Collection[int] = ()) -> list[tuple[Term, Lesson, str]]:
    """Return the glossaries' terms in alphabetical order, each with its lesson and its anchor there, if the lesson may
    be read and has opened. Courses in `unseen` do not exist for the reader.

    Runs two queries, whatever the number of terms.
    """
    terms = terms_taught(is_reader=is_reader, now=now, unseen=unseen)
    return [(term, lesson, anchor_of(term.term, lesson.html)) for term, lesson in terms]


def terms_taught(*, is_reader: bool, now: datetime, unseen: Collection[int] = ()) -> list[tuple[Term, Lesson]]:
    """Return the same without the anchors, which take long to find."""
    rows = readable(is_reader).exclude(module__course__in=unseen)
    opened = (lesson for lesson in rows if has_opened(lesson.opens_at, now))
    lessons = {(lesson.module.course_id, lesson.key): lesson for lesson in opened}
    files = CourseFile.objects.filter(path=PATH, is_retired=False).values_list("course_id", "content")
    terms = [(course_id, term) for course_id, content in files for term in read_terms(bytes(content))]
    taught = [(term, lessons[key]) for course_id, term in terms if (key := (course_id, term.lesson)) in lessons]
    return sorted(taught, key=lambda row: row[0].term.casefold())


def terms_in(lesson: Lesson, *, is_reader: bool, now: datetime) -> list[str]:
    """Return each term that this lesson explains where it is written, as far as this reader's glossary defines it.

    Runs two queries, so a page keeps the result.
    """
    course_id = lesson.module.course_id
    taught = terms_taught(is_reader=is_reader, now=now)
    mine = [term for term, taught_in in taught if taught_in.module.course_id == course_id]
    return linked_terms(mine, lesson.html, lessons_until(lesson))


def lessons_until(lesson: Lesson) -> set[str]:
    """Return the keys of the lessons that come before this one in the course, and its own."""
    lessons = published(lesson.module.course_id)[TEXT].lessons
    order = list(lessons)
    return {lessons[lesson_id].key for lesson_id in order[: order.index(lesson.pk) + 1]}


def term_in(course_id: int, word: str, *, is_reader: bool, now: datetime) -> tuple[Term, Lesson, str]:
    """Return a term of a course's glossary, with its lesson and its anchor there, as `terms_of` does. Runs two queries.

    Raises Refusal not_found, also while this reader may not read the lesson.
    """
    files = CourseFile.objects.filter(course=course_id, path=PATH, is_retired=False).values_list("content", flat=True)
    term = next((term for content in files for term in read_terms(bytes(content)) if term.term == word), None)
    rows = readable(is_reader).filter(module__course=course_id)
    lesson = rows.filter(key=term.lesson).first() if term else None
    if term is None or lesson is None or not has_opened(lesson.opens_at, now):
        raise Refusal("not_found")
    return term, lesson, anchor_of(term.term, lesson.html)
