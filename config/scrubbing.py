"""Remove secrets and personal data from what is logged. Needs only the standard library, for the supervisor."""

import os
import re
from collections.abc import Callable, Mapping
from functools import cache

from config.environment import Environment

MAIL_LINE = "mail: "  # begins each line of mail that a demo prints instead of sending it
LONGEST = 20_000  # characters that are logged of one text
LEFT_OUT = (
    (re.compile(r"://[^/\s@'\"]+@"), "://[credentials]@"),
    # The time grows with the text, not with its square, because only the first letter of a word is tried.
    (re.compile(r"(?<![\w.+%-])[\w.+%-]++@[\w-]++(?:\.[\w-]++)++"), "[email]"),
    (
        re.compile(
            r"(/(?:accounts/password/reset/key|accounts/confirm-email|join|invited|listed|calendar|mail/unsubscribe)/)[^/\s'\"]+"
        ),
        r"\1[key]",
    ),
    # Learners name their files. A name may have spaces; the status or the id of the request may follow it.
    (re.compile(r"(/(?:labs|runs)/[^/\s'\"]++/files/)[^\n'\"]+?(?=$|[\n'\"]| \[| \d{3}\b)"), r"\1[file]"),
    (re.compile(r"\b(Bearer|Token|sessionid=|csrftoken=)\s*[\w.~+/=-]{8,}"), r"\1 [secret]"),
    (re.compile(r"DETAIL:[^\n]*"), "DETAIL: [left out]"),  # PostgreSQL quotes the row here
)


def scrubber(secrets: tuple[str, ...]) -> Callable[[str], str]:
    """Return a function that replaces these secrets, addresses, keys in links and quoted rows, and shortens long texts."""
    known = re.compile("|".join(re.escape(secret) for secret in sorted(secrets, key=len, reverse=True)) or r"(?!)")

    def scrubbed(text: str) -> str:
        text = known.sub("[secret]", text)
        for pattern, instead in LEFT_OUT:
            text = pattern.sub(instead, text)
        return shortened(text)

    return scrubbed


def shortened(text: str) -> str:
    """Leave out the middle of a text that is too long: a traceback's end tells the most."""
    kept = (LONGEST - 100) // 2
    return (
        text if len(text) <= LONGEST else f"{text[:kept]} [{len(text) - 2 * kept} characters left out] {text[-kept:]}"
    )


def scrub_printed(line: str) -> str:
    """Scrub a line that a program printed. Keep the mail of a demo as it is, so that its links work."""
    is_mail = line.startswith(MAIL_LINE) and Environment(os.environ).prints_mail
    return line if is_mail else scrub_here()(line)


def scrub_values(value: object, scrub: Callable[[str], str]) -> object:
    """Scrub each text in what will be JSON. JSON that is scrubbed as one text may not be JSON afterwards."""
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, Mapping):
        return {name: scrub_values(part, scrub) for name, part in value.items()}
    return [scrub_values(part, scrub) for part in value] if isinstance(value, list | tuple) else value


@cache
def scrub_here() -> Callable[[str], str]:
    """Return the scrubber for the secrets of this process's environment."""
    return scrubber(Environment(os.environ).secrets())
