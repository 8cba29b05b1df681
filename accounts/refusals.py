"""What accounts decline, by HTTP status.

Modules of this app import `Refusal` from here, so that the codes are declared before one is raised.
"""

from foundation.refusals import Refusal, declare

__all__ = ["Refusal"]

declare(
    409,
    {
        "too_many_tokens": "You already have {most} API tokens, which is the limit. No token was created. Revoke one that "
        "you no longer use, then try again.",
    },
)
