"""The refusals of pages and workplace, by HTTP status. Importing this module declares the codes of every app."""

import labs.refusals  # noqa: F401  # declares codes
from foundation.refusals import SENTENCES, STATUSES, declare
from quizzes.refusals import Refusal

__all__ = ["SENTENCES", "STATUSES", "Refusal"]

declare(
    400,
    {
        "query_unknown": "This page’s address has the parameter “{name}”, which the page does not support. Supported "
        "parameters: {known}. Correct the address, or remove the parameter.",
        "query_unfit": "This page’s address has “{value}” for “{name}”, which is not a valid value. Valid values: "
        "{known}. Correct the address, or remove the parameter.",
    },
)
declare(
    403,
    {
        "viewing_only": "You are viewing the site as a learner, so nothing was changed. Stop viewing, then try again.",
        "second_factor_needed": "Staff accounts need a second factor. Nothing was changed. Add a passkey or an "
        "authenticator app to your account first.",
    },
)
declare(
    409,
    {
        "outage_over": "The minutes for this outage were already added, or every affected exam is over. Nothing was "
        "changed.",
    },
)
