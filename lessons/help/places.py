"""The places that learners ask about: a section of a lesson, or a part of an activity."""

from dataclasses import dataclass

from activities.kinds import ActivityPage
from activities.registry import activity_page
from course.rules.sections import titled_parts
from course.selectors import published_lesson
from lessons.refusals import Refusal


@dataclass(frozen=True)
class HelpPlace:
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


def page_asked_about(kind: str, page_id: str) -> ActivityPage:
    """Return a lesson, in the shape of an activity, or an activity of this kind. Raises Refusal not_found."""
    if kind != "lesson":
        return activity_page(kind, page_id)
    lesson = published_lesson(page_id)
    parts = titled_parts(lesson.html)
    return ActivityPage(lesson.pk, lesson.title, lesson.module.course, lesson.opens_at, parts)


def place_in(kind: str, page: ActivityPage, section: str) -> HelpPlace:
    """Return a part of a page, or the whole page for "". Raises Refusal not_found if the page has no such part."""
    if section and section not in page.parts:
        raise Refusal("not_found")
    return HelpPlace(kind, page.id, page.title, section, page.parts.get(section, ""))
