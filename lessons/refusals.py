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
