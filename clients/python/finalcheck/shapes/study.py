from typing import Literal, TypedDict


class StudyNote(TypedDict):
    """A note of your own. `is_found` says whether the lesson still has its passage or section."""

    id: str
    lesson: str
    kind: Literal["bookmark", "highlight", "note"]
    section: str
    section_title: str
    quote: str
    before: str
    after: str
    text: str
    is_found: bool
    revision: int
    created_at: str
    saved_at: str
