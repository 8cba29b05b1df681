"""The types of the analysis of an assessment's questions."""

from typing import NotRequired, TypedDict


class Alpha(TypedDict):
    value: float
    low: float
    high: float
    questions: int
    learners: int
    is_small: bool


class FirstResponse(TypedDict):
    response: str
    count: int
    share: float
    rest: float | None
    is_right: bool


class VariantFigures(TypedDict):
    variant: int
    asked: int
    facility: float
    facility_at_once: float
    is_unusual: bool


class QuestionFigures(TypedDict):
    question: str
    asked: int
    facility: NotRequired[float]
    facility_at_once: NotRequired[float]
    discrimination: NotRequired[float | None]
    attempts: NotRequired[dict[str, int]]
    seconds: NotRequired[float | None]
    choices: NotRequired[list[FirstResponse]]
    unchosen: NotRequired[list[str]]
    variants: NotRequired[list[VariantFigures]]
    suspicion: NotRequired[str]
    is_small: NotRequired[bool]


class QuestionAnalysis(TypedDict):
    assessment_id: str
    computed_at: str | None
    learners: int
    alpha: Alpha | None
    questions: list[QuestionFigures]
