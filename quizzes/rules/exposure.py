"""Decide whether somebody with throwaway accounts can read the keys of an exam that others have yet to sit (D33)."""

from typing import Literal, NamedTuple

from quizzes.rules.disclosure import DisclosurePolicy, opens_early

# "chosen": the keys can be read like this, and the course says that it is meant to be so
type KeyExposure = Literal["none", "chosen", "exposed"]


class KeyFacts(NamedTuple):
    """The policy of an exam and what else decides who can read its keys, and when.

    `joins_by` is one of `course.rules.joining.WAYS`. `is_counted`: the exam counts for the grade. `is_over`: it has
    closed for everyone. `is_chosen`: the texts of the course say that anybody may join, and those of this exam when its
    keys are shown.
    """

    policy: DisclosurePolicy
    joins_by: str
    is_counted: bool = True
    is_over: bool = False
    is_chosen: bool = False
    is_sign_up_open: bool = True


def key_exposure(exam: KeyFacts) -> KeyExposure:
    """Return whether throwaway accounts can read the keys while others can still sit the exam."""
    can_anybody_join = exam.is_sign_up_open and exam.joins_by == "open"
    is_worth_it = exam.is_counted and not exam.is_over
    if not (can_anybody_join and is_worth_it and opens_early(exam.policy, kind="exam")):
        return "none"
    return "chosen" if exam.is_chosen else "exposed"
