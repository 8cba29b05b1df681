"""The types of responses about a course: outline, lessons, search."""

from typing import Literal, NotRequired, TypedDict

State = Literal["not_started", "in_progress", "done"]


class Course(TypedDict):
    slug: str
    title: str
    summary: str
    language: str
    enrollment: Literal["open", "code", "invitation", "closed"]


class SearchResult(TypedDict):
    kind: Literal["lesson", "lab", "term"]
    id: str
    course: str
    module: str
    title: str
    section: str
    anchor: str
    excerpt: str


class Search(TypedDict):
    query: str
    corrected: str
    results: list[SearchResult]


class OutlineLesson(TypedDict):
    id: str
    title: str
    minutes: int
    state: State


class OutlineLab(TypedDict):
    id: str
    title: str
    minutes: int
    state: State


class DatesInForce(TypedDict):
    """When something opens, is due and closes, in UTC; null does not restrict."""

    opens_at: str | None
    due_at: str | None
    closes_at: str | None


class OutlineAssessment(DatesInForce):
    id: str
    kind: Literal["review", "exam"]
    title: str
    state: State


class OutlineModule(DatesInForce):
    id: str
    title: str
    objectives: list[str]
    lessons: list[OutlineLesson]
    labs: list[OutlineLab]
    assessments: list[OutlineAssessment]


class Outline(TypedDict):
    slug: str
    title: str
    modules: list[OutlineModule]


class Recording(TypedDict):
    kind: Literal["video", "audio"]
    title: str
    addresses: list[str]
    captions: list[str]
    has_transcript: bool


class Lesson(TypedDict):
    id: str
    title: str
    minutes: int
    state: State
    html: str
    source: str
    recordings: NotRequired[list[Recording]]
