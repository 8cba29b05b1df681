"""Find the hint to show below an error. hints.toml is read once."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Hint:
    name: str
    error: re.Pattern[str]
    message: re.Pattern[str]
    text: str

    def fits(self, error: str, message: str) -> re.Match[str] | None:
        return self.message.search(message) if self.error.fullmatch(error) else None


def read_table(path: Path) -> tuple[Hint, ...]:
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Hint(name, re.compile(row["error"]), re.compile(row["message"], re.DOTALL), row["text"])
        for name, row in rows.items()
    )


HINTS = read_table(Path(__file__).with_suffix(".toml"))


def find(error: str, message: str) -> tuple[Hint, re.Match[str]] | None:
    """Return the first matching row and its match, or None."""
    return next(((hint, match) for hint in HINTS if (match := hint.fits(error, message))), None)


def hint_for(error: str, message: str) -> str | None:
    hint_and_match = find(error, message)
    if hint_and_match is None:
        return None
    hint, match = hint_and_match
    return hint.text.format(match[0], *(group or "" for group in match.groups()))
