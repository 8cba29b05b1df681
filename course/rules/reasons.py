"""Whatever changes what counts is done for a reason, which the learner concerned can read."""

from course.rules.refusals import Refusal


def stated(reason: str) -> str:
    """The reason without space around it. Raises Refusal reason_missing."""
    if not reason.strip():
        raise Refusal("reason_missing")
    return reason.strip()
