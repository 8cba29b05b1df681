"""The types of responses about assessments: questions, sittings, attempts."""

from typing import Any, Literal, NotRequired, TypedDict

from finalcheck.shapes.courses import DatesInForce, State
from finalcheck.shapes.grades import Progress


class Sitting(TypedDict):
    id: str
    started_at: str
    deadline_at: str | None
    submitted_at: str | None
    paused_at: str | None
    paused_until: str | None
    server_time: str
    kind: NotRequired[Literal["rehearsal", "test_run"]]
    assessment: NotRequired[str]


class DraftProblem(TypedDict, total=False):
    problem: str


class Draft(DraftProblem):
    response: Any
    revision: int


class Saved(DraftProblem):
    revision: int
    saved_at: str


class Feedback(TypedDict):
    key: str
    explanation_html: str


class NearMiss(TypedDict):
    number: int
    html: str


class ReadAgain(TypedDict):
    lesson_id: str
    lesson_title: str
    section: str
    title: str


class Practice(TypedDict):
    is_correct: bool
    feedback: Feedback


class Question(TypedDict):
    id: str
    type: str
    version: int
    variant: NotRequired[int]
    prompt_html: str
    options: Any
    points: str
    attempts_used: int
    attempts_limit: int
    is_final: bool
    is_correct: bool | None
    draft: Draft | None
    is_flagged: bool
    feedback: Feedback | None
    near_misses: list[NearMiss]
    read_again: NotRequired[ReadAgain]


class Limits(DatesInForce):
    seconds: int | None


class AssessmentProgress(TypedDict):
    percent: str
    points_earned: str
    points_possible: str
    points_late: str
    pass_percent: str
    state: State


ShownAt = Literal["attempt", "final", "end", "closed", "release"]


class Shown(TypedDict):
    verdict: ShownAt
    score: ShownAt
    key: ShownAt
    explanation: ShownAt


class Late(TypedDict):
    percent_per_day: int
    grace_minutes: int
    lowest_percent: int
    late_from: str
    percent_now: int
    falls_at: str | None
    is_fixed: bool


class Assessment(TypedDict):
    id: str
    kind: Literal["review", "exam"]
    title: str
    limits: Limits
    show: Shown
    released_at: str | None
    late: Late | None
    sitting: Sitting | None
    questions: list[Question]
    progress: AssessmentProgress | None


class Attempt(TypedDict):
    number: int
    is_correct: bool
    is_final: bool
    attempts_left: int
    points_earned: str
    feedback: Feedback | None
    near_miss_html: str
    read_again: NotRequired[ReadAgain]
    progress: Progress
