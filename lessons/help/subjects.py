"""The subjects of help requests: a lesson or an activity, or a part of it."""

from dataclasses import dataclass

from activities.kinds import ActivityPage
from activities.registry import activity_page
from course.rules.sections import titled_parts
from course.selectors import published_lesson
from lessons.refusals import Refusal


@dataclass(frozen=True)
class HelpSubject:
    """What a request is about: a lesson or an activity, and `section`, an anchor or the id of a part, "" for the whole."""

    kind: str
    id: str
    title: str
    section: str = ""
    section_title: str = ""

    @property
    def key(self) -> str:
        """Return the text under which requests about the lesson or activity are stored."""
        return f"{self.kind}:{self.id}"


def subject_page(kind: str, page_id: str) -> ActivityPage:
    """Return a lesson, in the shape of an activity, or an activity of this kind. Raises Refusal not_found."""
    if kind != "lesson":
        return activity_page(kind, page_id)
    lesson = published_lesson(page_id)
    parts = titled_parts(lesson.html)
    return ActivityPage(lesson.pk, lesson.title, lesson.module.course, lesson.opens_at, parts)


def subject_in(kind: str, page: ActivityPage, section: str) -> HelpSubject:
    """Return a part of a page, or the whole page for "". Raises Refusal not_found if the page has no such part."""
    if section and section not in page.parts:
        raise Refusal("not_found")
    return HelpSubject(kind, page.id, page.title, section, page.parts.get(section, ""))
