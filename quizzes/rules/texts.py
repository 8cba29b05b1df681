"""Questions and assessments as a course folder says them, compiled and ready to be stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from course.rules.texts import apart


@dataclass(frozen=True)
class QuestionText:
    """`body` may be shown, `secret` is the key; `source` is the question's own YAML, a list of one."""

    key: str
    type: str
    objective: str
    level: str
    difficulty: int
    points: Decimal
    attempts_limit: int
    prompt: str
    prompt_html: str
    explanation: str
    explanation_html: str
    body: dict[str, Any]
    secret: dict[str, Any]
    has_math: bool
    module_key: str
    source: str
    file: str = apart()
    position: int = apart()


@dataclass(frozen=True)
class AssessmentText:
    """Review questions of a module, or an exam: `time_limit` in minutes and `draw` are the exam's."""

    key: str
    module_key: str
    kind: str
    title: str
    time_limit: int | None
    draw: Sequence[dict[str, Any]]
    source: str
    position: int = apart()
    questions: tuple[QuestionText, ...] = apart(default=())
