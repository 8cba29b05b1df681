"""Decide when a key and an explanation may be shown (D10, D11, D33, I12): never while a response can still count."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

type ShownAt = Literal["final", "end", "closed", "release"]
SHOWN_AT: tuple[ShownAt, ...] = ("final", "end", "closed", "release")
ORDER: Mapping[ShownAt, int] = {
    "final": 0,
    "end": 1,
    "closed": 2,
    "release": 2,
}  # a release may come before the closing

type ShownPart = Literal["key", "explanation"]
NOTHING_SHOWN: frozenset[ShownPart] = frozenset()
KEY_SHOWN: frozenset[ShownPart] = frozenset({"key"})
ALL_SHOWN: frozenset[ShownPart] = frozenset({"key", "explanation"})


class DisclosurePolicy(NamedTuple):
    """From when on learners see the key and the explanation of a question.

    | value | shown |
    |---|---|
    | final | once the learner has no attempt left at the question |
    | end | once the learner's exam is settled; for review questions, once they have closed for the learner |
    | closed | once nobody can sit the exam or answer the review questions any more |
    | release | once an instructor has released them: an exam's after its end, a review question's once it is final |
    """

    key: ShownAt
    explanation: ShownAt


USUAL = {"review": DisclosurePolicy("final", "final"), "exam": DisclosurePolicy("end", "end")}


def disclosure_policy(kind: str, said: Mapping[str, ShownAt]) -> DisclosurePolicy:
    """Return the policy of an assessment of this kind; `said` holds its exceptions from the usual policy."""
    usual = USUAL[kind]
    return DisclosurePolicy(said.get("key", usual.key), said.get("explanation", usual.explanation))


def once_released(policy: DisclosurePolicy, kind: str) -> DisclosurePolicy:
    """Return a policy as learners may be told of it after a release: what waited for it is shown as usual."""
    usual = USUAL[kind]
    return DisclosurePolicy(*(said if said != "release" else now for said, now in zip(policy, usual, strict=True)))


class DisclosureStage(NamedTuple):
    """How far an assessment is for one learner: it has ended for them, has closed for everybody, was released."""

    is_ended: bool = False
    is_closed: bool = False
    is_released: bool = False


UNENDED = DisclosureStage()
UNENDED_RELEASED = DisclosureStage(is_released=True)


def parts_shown(policy: DisclosurePolicy, *, kind: str, is_final: bool, stage: DisclosureStage) -> frozenset[ShownPart]:
    """Return which parts of a question its learner may see; never the explanation alone, because it tells the key.

    `is_final`: the learner has no attempt left at the question.
    """
    is_over = stage.is_ended or (is_final and kind == "review")
    reached = {
        "final": is_final or (stage.is_ended and kind == "exam"),
        "end": stage.is_ended,
        "closed": stage.is_ended and stage.is_closed,
        "release": stage.is_released and is_over,
    }
    if not reached[policy.key]:
        return NOTHING_SHOWN
    return ALL_SHOWN if reached[policy.explanation] else KEY_SHOWN


def may_read_reply(policy: DisclosurePolicy, *, kind: str, stage: DisclosureStage) -> bool:
    """Return whether a learner may read the reply to their report of a question (D11).

    The reply may quote the key, so it waits for what the key waits for: the end, the closing or the release. A reply to
    an exam question waits at least until the exam has ended; one to a review question does not wait for its learner to
    answer it.
    """
    is_final = stage.is_ended or kind == "review"
    return bool(parts_shown(policy, kind=kind, is_final=is_final, stage=stage))


def policy_problem(policy: DisclosurePolicy, *, kind: str, closes: bool) -> tuple[ShownPart, str] | None:
    """Return the part of a policy that cannot be kept, and why, or None. `closes`: the assessment has a closing time."""
    parts: tuple[tuple[ShownPart, ShownAt], ...] = (("key", policy.key), ("explanation", policy.explanation))
    for part, at in parts:
        if at == "closed" and not closes:
            return part, "“closed” needs a closing time; without one, nobody would ever see it"
        if at == "end" and kind == "review" and not closes:
            return part, "“end” of review questions is their closing time, and they have none"
    if ORDER[policy.explanation] < ORDER[policy.key]:
        return "explanation", "an explanation tells the key, so it cannot be shown before the key"
    return None


def opens_early(policy: DisclosurePolicy, *, kind: str) -> bool:
    """Return whether learners who have finished an exam see its keys while others can still sit it."""
    return kind == "exam" and policy.key in ("final", "end")
