"""Decide whether a checked response is right: the outcome under its version's key, with the question's corrections (D17)."""

from collections.abc import Sequence
from typing import Any

from grading.rules.late_shares import IN_TIME, Lateness
from grading.rules.lateness import WHOLE
from questions import types
from questions.rules.attempts import Past
from quizzes.models import Attempt, Question, QuestionVersion
from quizzes.rules.corrections import (
    Correction,
    accepted_responses,
    counts_as_correct,
    is_credited,
    key_in_force,
    read_corrections,
)


def corrections_of(question: Question) -> tuple[Correction, ...]:
    return read_corrections(question.corrections)


def is_attempt_right(attempt: Attempt, corrections: Sequence[Correction] | None = None) -> bool:
    """Return whether the attempt counts as right under `corrections`, by default its question's.

    Select the attempt's version and question with it to avoid queries.
    """
    if corrections is None:
        corrections = corrections_of(attempt.question)
    return attempt.is_correct if not corrections else _corrected(attempt, corrections)


def _corrected(attempt: Attempt, corrections: Sequence[Correction]) -> bool:
    kind, response = types.get(attempt.version.type), attempt.response
    return counts_as_correct(
        attempt.is_correct,
        version=attempt.version_id,
        response=response,
        corrections=corrections,
        marks=lambda key: kind.is_right(response, {**attempt.version.secret, **key}),
    )


def past_from(attempt: Attempt, corrections: Sequence[Correction] | None = None, lateness: Lateness = IN_TIME) -> Past:
    """Return an attempt as the rules read it, marked under these corrections, by default its question's."""
    percent = WHOLE if lateness.terms is None else lateness.percent_at(attempt.received_at)
    is_right = is_attempt_right(attempt, corrections)
    return Past(attempt.number, attempt.response, is_right, attempt.attempts_limit, percent)


def verdict_on(past: list[Past], corrections: tuple[Correction, ...]) -> bool | None:
    """Return whether the question counts as right, or None if it has no attempt and is not credited."""
    if is_credited(corrections):
        return True
    return any(attempt.is_correct for attempt in past) if past else None


def key_in_words(question: Question, version: QuestionVersion | None = None) -> str:
    """Return the current key in words, by default of the newest version; "" if there is no version yet."""
    shown = version or question.current
    return shown_key(shown, corrections_of(question))[1] if shown else ""


def likely_mistake_in(question: Question, described: str) -> str:
    """Return what learners with this first response probably did, in words, "" if that is not known."""
    version = question.current
    if version is None or version.variant:  # the values of a variant are not those of the others
        return ""
    key = key_in_force(version.secret, version.pk, corrections_of(question))
    return types.get(version.type).likely_mistake(version.body, key, described)


def shown_key(version: QuestionVersion, corrections: Sequence[Correction]) -> tuple[dict[str, Any], str]:
    """Return the current key as a secret for templates, and in words together with other accepted responses."""
    kind = types.get(version.type)
    key = key_in_force(version.secret, version.pk, corrections)
    ways = [kind.describe_key(version.body, key)]
    ways += [kind.describe(version.body, response) for response in accepted_responses(version.pk, corrections)]
    return key, " · ".join(ways)
