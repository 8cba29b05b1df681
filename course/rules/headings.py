"""A lesson with its headings: what a link to one of its sections needs to know."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

ANCHOR = "c-"  # before the id of each section in the page of its lesson (`course.markup.renderer.element_id`)


class LessonHeadings(NamedTuple):
    """What a lesson is about. `contents` are its headings, in order."""

    id: str
    key: str
    title: str
    objectives: Sequence[str]
    contents: Sequence[Mapping[str, Any]]

    def heading(self, section: str) -> str:
        """Return the title of a section, "" if the lesson has none with this id."""
        return next((str(heading["text"]) for heading in self.contents if heading["id"] == section), "")
