"""The refusals of practice, by HTTP status.

Modules of this app import `Refusal` from here, so that the codes are declared before one is raised.
"""

from foundation.refusals import declare
from quizzes.refusals import Refusal

__all__ = ["Refusal"]

declare(
    400,
    {
        "hour_unfit": "A reminder is sent at a full hour from 0 to 23. Nothing was changed. Choose one of these hours.",
    },
)
declare(
    409,
    {
        "practice_waits": "Your exam is running, so practice waits and nothing was stored. What you practiced before is kept. "
        "Come back once the exam is over.",
    },
)
