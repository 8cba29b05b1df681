"""What learners and instructors are refused when they ask about a part, or reply, by HTTP status.

Modules of this app import `Refusal` from here, so that the codes are declared before one is raised.
"""

from foundation.refusals import declare
from lessons.refusals import Refusal

__all__ = ["Refusal"]

declare(
    400,
    {
        "help_unfit": "Write between 1 and {most} characters. Nothing was sent. Correct the text and send it again.",
    },
)
declare(
    409,
    {
        "help_during_exam": "You are sitting an exam, so this was not sent. What you wrote is still in the form. Send it once "
        "the exam is over.",
        "help_still_open": "You already have {most} questions without a reply in this course, so this one was not sent. Wait "
        "for a reply first.",
    },
)
declare(
    429,
    {
        "too_many_help_requests": "You can ask {most} times in 24 hours, so this was not sent. The instructors have your "
        "earlier questions. Send it again tomorrow.",
    },
    wait=3600,
)
