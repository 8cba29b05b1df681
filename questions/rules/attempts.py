"""Attempts on one question, and its draft (D2, D8, D12, D16, D34, D35; G5–G7).

Responses are compared in canonical form: what the type's `parse` returned, as JSON. How many attempts a question allows is
written in the course's `course.yaml` and read by `authoring/folder/attempts.py`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from questions.refusals import Refusal

MOST_EXTRA_ATTEMPTS = 20

type Json = bool | int | float | str | Sequence[Json] | dict[str, Json] | None


@dataclass(frozen=True)
class Past:
    """An earlier attempt: its number from 1, canonical response, outcome, and the limit of attempts when it was made.

    It was a Final Check if its number is the limit, and a Check otherwise. `percent` is how much of the question's points
    it counts if it is right, less than 100 if it was late (D34).
    """

    number: int
    response: Json
    is_correct: bool
    limit: int
    percent: int = 100


@dataclass(frozen=True)
class Replay:
    """The same submission again: return the stored result and use no attempt."""

    past: Past


@dataclass(frozen=True)
class Spend:
    """A new attempt with this number."""

    number: int


def is_final(past: Sequence[Past]) -> bool:
    """Return whether no attempt is left, because one was right (D2) or the last one was a Final Check (D13)."""
    return bool(past) and (past[-1].number >= past[-1].limit or any(attempt.is_correct for attempt in past))


def limit_in_force(allowed: int, past: Sequence[Past]) -> int:
    """Return how many attempts a question has in all; `allowed` is what its version and extra attempts allow (D35).

    The button that the learner pressed stays true, whatever an instructor gives or takes back: a Final Check was the last
    attempt, and a Check leaves at least one.
    """
    if not past:
        return allowed
    return past[-1].limit if is_final(past) else max(allowed, past[-1].number + 1)


def limits_possible(allowed: set[int], before: tuple[int, int] | None) -> set[int]:
    """Return the limits under which the next attempt at a question may have been made; `allowed` holds all past ones.

    `before` is the number and the limit of the attempt before it. After a Final Check, the set is empty.
    """
    if before is None:
        return allowed
    number, limit = before
    return {max(allowed_then, number + 1) for allowed_then in allowed} if number < limit else set()


def attempts_left(allowed: int, past: Sequence[Past]) -> int:
    """Return how many attempts are left; 0 once the question is final. `allowed` is as in `limit_in_force`."""
    return 0 if is_final(past) else limit_in_force(allowed, past) - len(past)


def button(allowed: int, past: Sequence[Past]) -> Literal["check", "final_check"] | None:
    """Return the button that the question shows (G7); None once the question is final."""
    match attempts_left(allowed, past):
        case 0:
            return None
        case 1:
            return "final_check"
        case _:
            return "check"


def refuse_other_button(pressed: str, *, allowed: int, past: Sequence[Past]) -> None:
    """Refuse a Check that would now be the Final Check, because extra attempts were taken back after the page was loaded (D35).

    `pressed` is the button on the learner's page, "" if unknown. Raises Refusal button_changed.
    """
    if pressed == "check" and button(allowed, past) == "final_check":
        raise Refusal("button_changed")


def refuse_other_version(seen: int, *, asked: int) -> None:
    """Refuse a response to another version of the question than the one that is asked now (D16).

    `seen` is the number of the version on the learner's page, 0 if unknown. Raises Refusal question_changed.
    """
    if seen and seen != asked:
        raise Refusal("question_changed")


def refuse_final(past: Sequence[Past]) -> None:
    """Refuse a draft or an attempt at a question that is final. Raises Refusal already_final, attempts_exhausted."""
    if any(attempt.is_correct for attempt in past):
        raise Refusal("already_final")
    if is_final(past):
        raise Refusal("attempts_exhausted")


def decide_attempt(*, past: Sequence[Past], number: int, response: Json) -> Replay | Spend:
    """Decide what to do with a submission as attempt `number` (D12).

    Raises Refusal already_final, attempts_exhausted, stale_attempt.
    """
    for attempt in past:
        if attempt.number == number and is_same(attempt.response, response):
            return Replay(attempt)
    refuse_final(past)
    if number != len(past) + 1:
        raise Refusal("stale_attempt")
    return Spend(number)


def decide_response_draft(*, stored_revision: int, stored_response: Json, revision: int, response: Json) -> int:
    """Return the revision after saving `response`; `revision` is the newest one that the client knows (D7).

    If the reply to the last save was lost and the client sends that save again, this returns the stored revision. Raises
    Refusal stale_draft with the stored draft.
    """
    if revision == stored_revision:
        return stored_revision + 1
    if revision == stored_revision - 1 and is_same(stored_response, response):
        return stored_revision
    raise Refusal("stale_draft", draft={"response": stored_response, "revision": stored_revision})


def draft_counts_at_end(*, past: Sequence[Past], draft_response: Json) -> bool:
    """Return whether a draft that is left at the end is graded as an attempt (D8).

    `draft_response` is canonical; the caller leaves out blank and malformed drafts. A Check removes the draft, so a draft
    that is left was saved after the last attempt.
    """
    if draft_response is None or is_final(past):
        return False
    return not past or not is_same(past[-1].response, draft_response)


def is_same(one: Json, other: Json) -> bool:
    """Return whether two values are equal as JSON: `true` is not 1, and the order of keys does not matter."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
