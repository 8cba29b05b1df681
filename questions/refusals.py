"""The refusals of responses and attempts, by HTTP status.

Modules of this app import `Refusal` from here, so that the codes are declared before one is raised.
"""

from foundation.refusals import declare
from grading.refusals import Refusal

__all__ = ["Refusal"]

declare(
    400,
    {
        "blank_response": "Nothing was checked, and no attempt was used. {expected}.",
        "invalid_response": "We couldn’t read that response. No attempt was used. {expected}.",
    },
)
declare(
    409,
    {
        "already_final": "You already answered this question correctly, so it is final. Nothing was changed.",
        "attempts_exhausted": "You have used every attempt at this question, so it is final. Nothing was changed.",
        "button_changed": "An instructor took extra attempts back meanwhile, so this would have been your Final Check. Nothing was "
        "checked, and what you typed is still here. Look at the button, then press it again.",
        "question_changed": "This question has changed since you opened it, so nothing was checked and no attempt was used. Your "
        "response is still here if it fits the new version. Read the question again, then check it.",
        "stale_attempt": "You checked this question in another tab or on another device. No attempt was used this time. "
        "Look at the current state of the question, then check again.",
    },
)
