"""Is a checked response right? What its version's key said, as the question's corrections have it now (D17)."""

from collections.abc import Sequence
from typing import Any

from quizzes import types
from quizzes.models import Attempt, Question, QuestionVersion
from quizzes.rules.attempts import Past
from quizzes.rules.corrections import Correction, accepted, corrected, key_in_force, read


def corrections_of(question: Question) -> tuple[Correction, ...]:
    return read(question.corrections)


def is_right(attempt: Attempt, corrections: Sequence[Correction] | None = None) -> bool:
    """Does the attempt count as right under `corrections`, by default those of its question?

    Its version and its question are best selected with it.
    """
    if corrections is None:
        corrections = corrections_of(attempt.question)
    return attempt.is_correct if not corrections else _corrected(attempt, corrections)


def _corrected(attempt: Attempt, corrections: Sequence[Correction]) -> bool:
    kind, response = types.get(attempt.version.type), attempt.response
    return corrected(
        attempt.is_correct,
        version=attempt.version_id,
        response=response,
        corrections=corrections,
        marks=lambda key: kind.is_right(response, {**attempt.version.secret, **key}),
    )


def past_from(attempt: Attempt, corrections: Sequence[Correction] | None = None) -> Past:
    return Past(attempt.number, attempt.response, is_right(attempt, corrections))


def key_in_words(question: Question) -> str:
    """The key in force of a question's newest version; empty before the first."""
    return shown_key(question.current, corrections_of(question))[1] if question.current else ""


def shown_key(version: QuestionVersion, corrections: Sequence[Correction]) -> tuple[dict[str, Any], str]:
    """The key in force as a secret for templates, and in words with the responses accepted besides."""
    kind = types.get(version.type)
    key = key_in_force(version.secret, version.pk, corrections)
    ways = [kind.describe_key(version.body, key)]
    ways += [kind.describe(version.body, response) for response in accepted(version.pk, corrections)]
    return key, " · ".join(ways)
