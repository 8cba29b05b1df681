"""What a learner sees of a question's key and explanation, once they may be shown (D10, D11, D33)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from questions import types
from questions.rules.attempts import Past
from questions.types.near_misses import knows_numbers_of
from quizzes.models import Assessment, Question, QuestionVersion
from quizzes.rules.corrections import Correction, key_in_force
from quizzes.rules.disclosure import ALL_SHOWN, ShownPart, names_near_misses
from quizzes.rules.teaching import TaughtSection
from quizzes.selectors.outcomes import shown_key


@dataclass(frozen=True)
class Feedback:
    """The key and the explanation, once they may be shown: `key` is the secret part, for templates; the rest is in words.

    While the explanation is held back, it is empty, and so are the reasons of the options.
    """

    key: dict[str, Any]
    key_text: str
    explanation_html: str


class NamedMistake(NamedTuple):
    """Why somebody arrives at the wrong response of this attempt, which `response` gives in words."""

    number: int
    response: str
    html: str


def feedback(
    version: QuestionVersion, corrections: tuple[Correction, ...] = (), parts: frozenset[ShownPart] = ALL_SHOWN
) -> Feedback:
    """Return the key of a version, and with it the explanation if that is one of the parts shown."""
    key, key_text = shown_key(version, corrections)
    if "explanation" in parts:
        return Feedback(key, key_text, version.explanation_html)
    return Feedback({**key, "whys": {}} if "whys" in key else key, key_text, "")


def named_mistakes(
    version: QuestionVersion,
    corrections: tuple[Correction, ...],
    past: Sequence[Past],
    parts: frozenset[ShownPart],
    assessment: Assessment,
) -> tuple[NamedMistake, ...]:
    """Return the author's reasons for the learner's wrong values.

    Before the explanation is shown, these are only reasons that cannot lead to the key, and only in a language whose
    number words are known.
    """
    is_open = "explanation" not in parts
    if not version.secret.get("whys") or (is_open and not _may_name_early(assessment)):
        return ()
    kind, key = types.get(version.type), key_in_force(version.secret, version.pk, corrections)
    reasons = [
        (attempt, kind.why_wrong(attempt.response, key, is_open=is_open)) for attempt in past if not attempt.is_correct
    ]
    return tuple(
        NamedMistake(attempt.number, kind.describe(version.body, attempt.response), html)
        for attempt, html in reasons
        if html
    )


def section_to_read(question: Question) -> TaughtSection | None:
    """Return the section to read again after a wrong response, or None. Questions of an exam have none.

    Ask only once the lessons of the module have opened (`Assessment.lessons_open_at`).
    """
    assessment = question.assessment
    return question.taught if names_near_misses(assessment.disclosure, kind=assessment.kind) else None


def _may_name_early(assessment: Assessment) -> bool:
    may_name = names_near_misses(assessment.disclosure, kind=assessment.kind)
    return may_name and knows_numbers_of(assessment.course.language)
