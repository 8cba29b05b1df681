"""The terms of the glossary that a lesson uses, whose definitions open in its text."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.html import strip_tags

from lessons.selectors import terms_taught

if TYPE_CHECKING:
    from course.models import Lesson


def terms_in(lesson: "Lesson", *, is_reader: bool, now: datetime) -> list[str]:
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
