"""Reasons: every change of what counts needs one, which the learner concerned can read."""

from foundation.refusals import Refusal

LONGEST = 1000  # characters


def stated(reason: str) -> str:
    """Return the reason without spaces at its ends. Raises Refusal reason_missing, reason_unfit."""
    reason = commented(reason)
    if not reason:
        raise Refusal("reason_missing")
    return reason


def commented(comment: str) -> str:
    """Return the comment, which may be empty, without spaces at its ends. Raises Refusal reason_unfit."""
    reason = comment.strip()
    if len(reason) > LONGEST or "\0" in reason:
        raise Refusal("reason_unfit", most=LONGEST)
    return reason
