"""The terms of the glossary that a lesson uses, for the definitions that open in its text."""

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import strip_tags

from course.selectors import terms_of

if TYPE_CHECKING:
    from course.models import Lesson


def terms_in(lesson: "Lesson", *, is_reader: bool) -> list[dict[str, str]]:
    """Return each term in the lesson's text with its definition, and a link if another lesson teaches it.

    Runs two queries, so a page keeps the result.
    """
    text = strip_tags(lesson.html).casefold()
    found: list[dict[str, str]] = []
    for term, taught_in, anchor in terms_of(is_reader=is_reader):
        if taught_in.module.course_id != lesson.module.course_id or term.term.casefold() not in text:
            continue
        row = {"term": term.term, "text": term.text}
        if taught_in.pk != lesson.pk:
            row |= {
                "lesson": taught_in.title,
                "url": reverse("lesson", args=[taught_in.pk]) + (anchor and f"#{anchor}"),
            }
        found.append(row)
    return found
