"""Which variant of a question a learner gets (D43)."""

from hashlib import sha256


def drawn_variant(seed: str, question_id: str, count: int) -> int:
    """Return which of `count` variants the paper with this seed has, from 0 on."""
    return _choice(f"paper {seed} {question_id}", count)


def given_variant(learner_id: int, question_id: str, count: int) -> int:
    """Return which of `count` variants of a review question this learner gets, from 0 on."""
    return _choice(f"learner {learner_id} {question_id}", count)


def _choice(text: str, count: int) -> int:
    return int.from_bytes(sha256(text.encode()).digest()) % count
