"""What lessons decline, by HTTP status.

Modules of this app import `Refusal` from here, so that the codes are declared before one is raised.
"""

from foundation.refusals import declare
from people.refusals import Refusal

__all__ = ["Refusal"]

declare(
    400,
    {
        "note_unfit": "A note can have at most {most} characters and its passage at most {passage}, without NUL characters. "
        "Your note was not saved. Shorten it and try again.",
    },
)
declare(
    409,
    {
        "too_many_notes": "You already have {most} notes in this lesson, which is the limit. This one was not saved. Delete "
        "notes that you no longer need.",
        "stale_note": "You changed this note in another window. Nothing was overwritten. Compare the two texts and choose "
        "which one to keep.",
    },
)
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
