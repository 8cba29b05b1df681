"""The refusals of pages and workplace, by HTTP status. Importing this module declares the codes of every app."""

import accounts.refusals  # noqa: F401  # declares codes
import announcements.refusals  # noqa: F401  # declares codes
import exchange.refusals  # noqa: F401  # declares codes
import labs.refusals  # noqa: F401  # declares codes
import lessons.refusals  # noqa: F401  # declares codes
from authoring.refusals import Refusal
from foundation.refusals import SENTENCES, STATUSES, declare

__all__ = ["SENTENCES", "STATUSES", "Refusal"]

declare(
    400,
    {
        "goal_unfit": "A weekly goal is 1 to {days} days, 1 to {lessons} lessons or 1 to {questions} questions, and a reminder has a "
        "day of the week and an hour. Nothing was saved. Correct the goal and save it again.",
    },
)
declare(
    403,
    {
        "viewing_only": "You are viewing the site as a learner, so nothing was changed. Stop viewing, then try again.",
    },
)
declare(
    409,
    {
        "last_admin": "This is the only administrator, so the account was not deleted. Everything is unchanged. Make "
        "another account an administrator first.",
        "other_account": "Somebody signed in to another account in this browser after you opened the page. Nothing was stored "
        "in that account, and your text is still here. Sign in again in another tab, then try again.",
        "statement_waits": "An exam of this course is running, or its results are not shown yet, so no statement was made. "
        "Nothing was changed. Download it when you see the results.",
    },
)
