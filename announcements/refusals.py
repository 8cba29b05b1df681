"""What announcements decline, by HTTP status.

Modules of this app import `Refusal` from here, so that the codes are declared before one is raised.
"""

from foundation.refusals import declare
from quizzes.refusals import Refusal

__all__ = ["Refusal"]

declare(
    400,
    {
        "group_unknown": "The course has no group with this name. Nothing was posted. Choose one of its groups.",
        "announcement_unfit": "This text cannot be posted: {problem}. Nothing was changed. Correct the text.",
    },
)
declare(
    403,
    {
        "audience_out_of_sight": "Your role is limited to groups, so you cannot announce something to learners of other "
        "groups. Nothing was posted. Choose one of your groups.",
    },
)
declare(
    409,
    {
        "audience_empty": "Nobody is on the at-risk list now, so nobody would read this. Nothing was posted. Choose "
        "whom to tell.",
        "class_sees_nothing": "This course is hidden, so its class would not see the announcement. Nothing was posted. "
        "Make the course visible first.",
        "announcement_withdrawn": "This announcement was withdrawn, so it can no longer change. Post a new one.",
    },
)
