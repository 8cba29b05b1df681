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


class NotCsv(Exception):
    """A text that cannot be read as CSV: the number of the line, and why."""


def spreadsheet_rows(text: str) -> tuple[list[str], list[dict[str, str]]]:
    """Return the names of the columns in lower case, and the rows; a missing cell is "".

    Commas or semicolons separate columns; a byte-order mark is skipped. Raises NotCsv.
    """
    text = text.removeprefix("\ufeff")
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")
    try:
        names = [name.strip().lower() for name in rows.fieldnames or []]
        rows.fieldnames = names
        return names, list(rows)
    except csv.Error as error:
        raise NotCsv(rows.line_num, f"This is not CSV: {error}.") from None


def as_csv(rows: Iterable[list[str]]) -> Iterator[str]:
    """Yield the rows as lines of CSV."""
    line = io.StringIO()
    writer = csv.writer(line)
    for row in rows:
        writer.writerow([inert(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
