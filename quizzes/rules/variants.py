"""Which variant of a question a learner gets (D43), and which ones only practice asks (D45)."""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from questions.rules.attempts import Json

FIRST_RESERVED = 1001  # the number of the first variant that exams never draw; those before it are drawn
MOST_RESERVED = 20  # of a question
LAST_VARIANT = FIRST_RESERVED + MOST_RESERVED - 1  # the highest number that a variant can have
FEWEST_RESERVED = 5  # with fewer, somebody would know them all after a week


def drawn_variant(seed: str, question_id: str, count: int) -> int:
    """Return which of `count` variants the paper with this seed has, from 0 on."""
    return _choice(f"paper {seed} {question_id}", count)


def given_variant(learner_id: int, question_id: str, count: int) -> int:
    """Return which of `count` variants of a review question this learner gets, from 0 on."""
    return _choice(f"learner {learner_id} {question_id}", count)


def is_reserved(variant: int) -> bool:
    """Return whether a variant is for practice alone."""
    return variant >= FIRST_RESERVED


def reserved_variant(learner_id: int | None, question_id: str, day: date, count: int) -> int:
    """Return which of `count` reserved variants this learner practices first on a day, from 0 on."""
    return _choice(f"practice {learner_id} {question_id} {day.isoformat()}", count)


def places_of(type_name: str, body: Mapping[str, Any], secret: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the ids of a variant's options in the order of the file, or None if its responses are about its values.

    True and false are the same in all variants, so they have no ids. The right order of items is that of the file.
    """
    match type_name:
        case "true_false":
            return ()
        case "single_choice" | "multiple_choice":
            return tuple(option["id"] for option in body["options"])
        case "ordering":
            return tuple(secret["right"])
    return None


def at_same_places(response: Json, mine: Sequence[str], others: Sequence[str]) -> Json:
    """Return the response to another variant that chooses the options at the same places of the file."""
    ids = dict(zip(mine, others, strict=True))
    if isinstance(response, list):
        return [ids[str(chosen)] for chosen in response]
    return ids[response] if isinstance(response, str) else response


def _choice(text: str, count: int) -> int:
    return int.from_bytes(sha256(text.encode()).digest()) % count
