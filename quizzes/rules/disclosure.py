"""Decide when a learner sees verdict, score, key and explanation (D10, D11, D33, I12).

A key is shown only once no response can count any more, and each part only with or after what it would give away.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

type ShownAt = Literal["attempt", "final", "end", "closed", "release"]
SHOWN_AT: tuple[ShownAt, ...] = ("attempt", "final", "end", "closed", "release")
ORDER: Mapping[ShownAt, int] = {
    "attempt": 0,
    "final": 1,
    "end": 2,
    "closed": 3,
    "release": 3,
}  # a release may come before the closing

type ShownPart = Literal["key", "explanation"]
NOTHING_SHOWN: frozenset[ShownPart] = frozenset()
KEY_SHOWN: frozenset[ShownPart] = frozenset({"key"})
ALL_SHOWN: frozenset[ShownPart] = frozenset({"key", "explanation"})


class DisclosurePolicy(NamedTuple):
    """From when on learners see whether a response is right, their points, and a question's key and explanation.

    | value | shown |
    |---|---|
    | attempt | after each Check. An exam with a later verdict has no Check: saved responses are graded when it ends |
    | final | once the learner has no attempt left at the question |
    | end | once the learner's exam is settled; for review questions, once they have closed for the learner |
    | closed | once nobody can sit the exam or answer the review questions any more |
    | release | once an instructor has released them: an exam's after its end, a review question's once it is final |
    """

    key: ShownAt
    explanation: ShownAt
    verdict: ShownAt = "attempt"
    score: ShownAt = "attempt"

    @property
    def has_checks(self) -> bool:
        """Return whether learners can check a response and are told at once whether it is right."""
        return self.verdict == "attempt"

    @property
    def is_score_delayed(self) -> bool:
        """Return whether learners' points may still be hidden when their exam is over."""
        return ORDER[self.score] > ORDER["end"]

    @property
    def is_verdict_delayed(self) -> bool:
        """Return whether learners may still not know what was right when their exam is over."""
        return ORDER[self.verdict] > ORDER["end"]


USUAL = {"review": DisclosurePolicy("final", "final"), "exam": DisclosurePolicy("end", "end")}


def disclosure_policy(kind: str, exceptions: Mapping[str, ShownAt]) -> DisclosurePolicy:
    """Return the policy of an assessment of this kind, with its exceptions from the usual policy."""
    return USUAL[kind]._replace(**exceptions)


def changed_policy(policy: DisclosurePolicy, changes: Mapping[str, ShownAt]) -> DisclosurePolicy:
    """Return a policy with the changes that a text makes to it.

    Parts that the text does not name follow the others: the score comes with the verdict, the key not before it, the
    explanation with the key.
    """
    verdict = changes.get("verdict", policy.verdict)
    score = changes.get("score", changes.get("verdict", policy.score))
    key = changes.get("key", later(policy.key, verdict))
    explanation = changes.get("explanation", changes.get("key", later(policy.explanation, key)))
    return DisclosurePolicy(key, explanation, verdict, score)


def later(one: ShownAt, other: ShownAt) -> ShownAt:
    """Return the later of two values; `one` if neither is."""
    return other if ORDER[other] > ORDER[one] else one


def once_released(policy: DisclosurePolicy, kind: str) -> DisclosurePolicy:
    """Return the policy that pages tell learners after a release: what waited for the release is shown as usual.

    A verdict that waited for it comes at the end, because the exam still has no Check.
    """
    usual = USUAL[kind]._replace(verdict="end", score="end")
    return DisclosurePolicy(*(at if at != "release" else now for at, now in zip(policy, usual, strict=True)))


class DisclosureStage(NamedTuple):
    """How far an assessment is for one learner: whether it has ended for them, has closed for everybody, and was released."""

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
        "attempt": False,
        "final": is_final or (stage.is_ended and kind == "exam"),
        "end": stage.is_ended,
        "closed": stage.is_ended and stage.is_closed,
        "release": stage.is_released and is_over,
    }
    if not reached[policy.key] or not is_verdict_shown(policy, stage=stage):
        return NOTHING_SHOWN
    return ALL_SHOWN if reached[policy.explanation] else KEY_SHOWN


def is_verdict_shown(policy: DisclosurePolicy, *, stage: DisclosureStage) -> bool:
    """Return whether a learner may know which of their responses are right."""
    return is_result_shown(policy.verdict, stage)


def is_score_shown(policy: DisclosurePolicy, *, stage: DisclosureStage) -> bool:
    """Return whether a learner may know their points. Where the verdicts are shown, anybody could add them up."""
    return is_result_shown(policy.score, stage) or is_verdict_shown(policy, stage=stage)


def is_result_shown(at: ShownAt, stage: DisclosureStage) -> bool:
    """Return whether a verdict or a score that the policy shows `at` this time is shown at this stage."""
    reached = {"closed": stage.is_closed, "release": stage.is_released}
    return at == "attempt" or (stage.is_ended and reached.get(at, True))


def names_near_misses(policy: DisclosurePolicy, *, kind: str) -> bool:
    """Return whether the author's reasons for wrong values are shown while the learner can try again (D10).

    In an exam they are not, because they would help only some learners.
    """
    return kind == "review" and policy.has_checks


def may_read_reply(policy: DisclosurePolicy, *, kind: str, stage: DisclosureStage) -> bool:
    """Return whether a learner may read the reply to their report of a question (D11).

    The reply may quote the key, so it waits for what the key waits for: the end, the closing or the release. A reply to
    an exam question waits at least until the exam has ended; one to a review question does not wait for its learner to
    answer it.
    """
    is_final = stage.is_ended or kind == "review"
    return bool(parts_shown(policy, kind=kind, is_final=is_final, stage=stage))


type PolicyPart = Literal["verdict", "score", "key", "explanation"]

AT_ATTEMPT = "a learner who has seen it could use the next attempt to copy it; “final” shows it with the last attempt"
IN_REVIEW = (
    "review questions say at once whether a response is right, so that learners can try again. Leave “{part}” out there, "
    "and hold the key back if you want to, or ask the questions in an exam"
)
AT_FINAL = (
    "a question that stays open after a Check tells that the response was wrong. Write “attempt”, or a later value"
)


def policy_problem(policy: DisclosurePolicy, *, kind: str, closes: bool) -> tuple[PolicyPart, str] | None:
    """Return the part of a policy that cannot be kept, and why, or None. `closes`: the assessment has a closing time."""
    results: tuple[tuple[PolicyPart, ShownAt], ...] = (("verdict", policy.verdict), ("score", policy.score))
    keys: tuple[tuple[PolicyPart, ShownAt], ...] = (("key", policy.key), ("explanation", policy.explanation))
    for part, at in results:
        if at != "attempt" and kind == "review":
            return part, IN_REVIEW.format(part=part)
        if at == "final":
            return part, AT_FINAL
    for part, at in keys:
        if at == "attempt":
            return part, AT_ATTEMPT
        if at == "end" and kind == "review" and not closes:
            return part, "“end” of review questions is their closing time, and they have none"
    for part, at in (*results, *keys):
        if at == "closed" and not closes:
            return part, "“closed” needs a closing time; without one, nobody would ever see it"
    return given_away_problem(policy)


def given_away_problem(policy: DisclosurePolicy) -> tuple[PolicyPart, str] | None:
    """Return the part of a policy that would come before or after what gives it away, and why, or None."""
    if policy.score == "attempt" and not policy.has_checks:
        return "score", "points that follow each response tell the verdict, so they cannot be shown before the verdict"
    if ORDER[policy.score] > ORDER[policy.verdict]:
        return "score", "learners can add up the verdicts, so the score cannot be shown after them"
    if ORDER[policy.key] < ORDER[policy.verdict]:
        return "key", "a key tells the verdict, so it cannot be shown before the verdict"
    if ORDER[policy.explanation] < ORDER[policy.key]:
        return "explanation", "an explanation tells the key, so it cannot be shown before the key"
    return None


def opens_early(policy: DisclosurePolicy, *, kind: str) -> bool:
    """Return whether learners who have finished an exam see its keys while others can still sit it."""
    return kind == "exam" and policy.key in ("final", "end")
