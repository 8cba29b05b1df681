"""Whatever changes what counts is done for a reason, which the learner concerned can read."""

from course.rules.refusals import Refusal

LONGEST = 1000  # characters


def stated(reason: str) -> str:
    """The reason without space around it. Raises Refusal reason_missing, reason_unfit."""
    reason = reason.strip()
    if not reason:
        raise Refusal("reason_missing")
    if len(reason) > LONGEST or "\0" in reason:
        raise Refusal("reason_unfit", most=LONGEST)
    return reason
