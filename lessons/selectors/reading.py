from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils.html import strip_tags

from course.models import CourseFile, Lesson
from course.rules.schedule import has_opened
from lessons.rules.glossary import PATH, Term, anchor_of, read_terms


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
    """Return each term in the lesson's text that this reader's glossary defines.

    Runs two queries, so a page keeps the result.
    """
    text, course_id = strip_tags(lesson.html).casefold(), lesson.module.course_id
    terms = terms_taught(is_reader=is_reader, now=now)
    return [
        term.term
        for term, taught_in in terms
        if taught_in.module.course_id == course_id and term.term.casefold() in text
    ]
