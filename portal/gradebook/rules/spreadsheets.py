"""Tables for spreadsheets. A name that a learner chose must not become a formula."""

import csv
import io
from collections.abc import Iterable, Iterator

STARTS = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """Return the text with an apostrophe in front if a spreadsheet would compute it."""
    return f"'{text}" if text.startswith(STARTS) else text


def original(text: str) -> str:
    """Return the text that `inert` was given, without its apostrophe."""
    return text[1:] if text.startswith("'") and text[1:].startswith(STARTS) else text


def as_csv(rows: Iterable[list[str]]) -> Iterator[str]:
    """Yield the rows as lines of CSV."""
    line = io.StringIO()
    writer = csv.writer(line)
    for row in rows:
        writer.writerow([inert(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
