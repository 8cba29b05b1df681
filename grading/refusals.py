"""The gradebook's refusals, by HTTP status.

Modules of this app import `Refusal` from here, so that the codes are declared before one is raised.
"""

from course.refusals import Refusal
from foundation.refusals import declare

__all__ = ["Refusal"]

declare(
    400,
    {
        "points_invalid": "Points must be between 0 and {most}, with at most two decimals. Nothing was changed. Correct "
        "the points.",
    },
)
declare(
    409,
    {
        "preview_stale": "Something has changed since this preview was made. Nothing was saved. Check the new preview, "
        "then decide.",
        "nothing_left": "Then nothing would count for this learner, because they are exempt from everything else that is "
        "graded. Nothing was changed. Remove another exemption first.",
    },
)
