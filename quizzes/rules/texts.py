"""Questions and assessments from a course folder, compiled and ready to be stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from ruamel.yaml import YAML

from course.rules.texts import NEVER_LATE, apart, optional

RENDERED = ("html", "whys")  # in a body and in a secret
NOT_ASKED = ("computed", "taught_in", "check")  # what a source says about its question and not to a learner


def content_of(source: str) -> dict[str, object] | None:
    """Return the content of a question's own YAML, without comments and what is not asked; None without a source."""
    rows = YAML(typ="safe").load(source)
    return {name: value for name, value in rows[0].items() if name not in NOT_ASKED} if rows else None


def without_rendered_text(value: object) -> object:
    """Return a body or a secret without rendered text: everything that decides how a response is marked."""
    if isinstance(value, list):
        return [without_rendered_text(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {name: without_rendered_text(part) for name, part in value.items() if name not in RENDERED}


@dataclass(frozen=True)
class QuestionText:
    """`source` is the question's own YAML, a list of one; `body` may be shown, `secret` is the key.

    `figures` has the SHA-256 of each file that the question shows or links to, by path.

    A fixed question has no `variants`. A question that draws its values is its own first variant, and `variants` has all
    of them, the first one included. `reserve` has those of a pool that no exam draws (D45).
    """

    key: str
    attempts_limit: int
    module_key: str
    source: str
    figures: Mapping[str, str]
    type: str = apart()
    objective: str = apart()
    level: str = apart()
    difficulty: int = apart()
    points: Decimal = apart()
    prompt: str = apart()
    prompt_html: str = apart()
    explanation: str = apart()
    explanation_html: str = apart()
    body: dict[str, Any] = apart()
    secret: dict[str, Any] = apart()
    has_math: bool = apart()
    file: str = apart()
    position: int = apart()
    taught_in: str = apart(default="")
    variants: "tuple[QuestionVariant, ...]" = apart(default=())
    reserve: "tuple[QuestionVariant, ...]" = apart(default=())


@dataclass(frozen=True)
class QuestionVariant:
    """One variant of a question that draws its values (decision 65).

    `number` counts from 1. `values` has what the variant drew and computed, by name, as texts. `question` is complete: the
    same type, parsed as if an author had written this variant by hand, with the source of the whole question.
    """

    number: int
    values: dict[str, str]
    question: QuestionText


USUALLY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class AssessmentText:
    """Review questions of a module, or an exam. Only an exam has `draw`, and usually a `time_limit` (minutes).

    `name` is that of its file: "two" for exam-two.yaml, "" for exam.yaml and review.yaml.

    `show` says when a key and an explanation are shown, if otherwise than usual (`DisclosurePolicy`). `late` is the late
    policy, if there is one (`LateTerms`). `objectives` says how the papers of an exam cover them (`ObjectiveRules`).
    `practice` lists the objectives whose questions learners may practice (D45).
    """

    key: str
    module_key: str
    kind: str
    title: str
    time_limit: int | None
    draw: Sequence[dict[str, Any]]
    source: str
    position: int = apart()
    questions: tuple[QuestionText, ...] = apart(default=())
    opens_at: datetime | None = optional(None)
    due_at: datetime | None = optional(None)
    closes_at: datetime | None = optional(None)
    show: Mapping[str, str] = optional(USUALLY)
    late: Mapping[str, int] = optional(NEVER_LATE)
    name: str = optional("")
    objectives: Mapping[str, Any] = optional(USUALLY)
    practice: Sequence[str] = optional(())
