"""Tables for spreadsheets: what a learner chose to be called must not become a formula there."""

import csv
import io
from collections.abc import Iterable, Iterator

STARTS = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would compute it."""
    return f"'{text}" if text.startswith(STARTS) else text


def as_csv(rows: Iterable[list[str]]) -> Iterator[str]:
    """The rows as lines of CSV, one at a time."""
    line = io.StringIO()
    writer = csv.writer(line)
    for row in rows:
        writer.writerow([inert(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
