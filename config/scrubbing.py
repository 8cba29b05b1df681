"""Remove secrets and personal data from what is logged. Needs only the standard library, for the supervisor."""

import os
import re
from collections.abc import Callable
from functools import cache

from config.environment import Environment

LEFT_OUT = (
    (re.compile(r"://[^/\s@'\"]+@"), "://[credentials]@"),
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "[email]"),
    (re.compile(r"(/accounts/(?:password/reset/key|confirm-email)/)[^/\s'\"]+"), r"\1[key]"),
    (re.compile(r"\b(Bearer|Token|sessionid=|csrftoken=)\s*[\w.~+/=-]{8,}"), r"\1 [secret]"),
    (re.compile(r"DETAIL:[^\n]*"), "DETAIL: [left out]"),  # PostgreSQL quotes the row here
)


def scrubber(secrets: tuple[str, ...]) -> Callable[[str], str]:
    """Return a function that replaces these secrets, addresses, keys in links and quoted rows."""
    known = re.compile("|".join(re.escape(each) for each in sorted(secrets, key=len, reverse=True)) or r"(?!)")

    def scrubbed(text: str) -> str:
        text = known.sub("[secret]", text)
        for pattern, instead in LEFT_OUT:
            text = pattern.sub(instead, text)
        return text

    return scrubbed


@cache
def scrub_here() -> Callable[[str], str]:
    """Return the scrubber for the secrets of this process's environment."""
    return scrubber(Environment(os.environ).secrets())
