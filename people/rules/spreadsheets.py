"""Tables for spreadsheets. A name that a learner chose must not become a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator

FORMULA_STARTS = "=+-@"
CONTROLS = "\t\r\n"  # at the beginning of a cell, these can start a new cell, whatever follows
UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf"}  # spaces, line ends, controls, and characters that are not shown


def inert(text: str) -> str:
    """Return the text with an apostrophe in front if a spreadsheet would compute it."""
    return f"'{text}" if may_compute(text) else text


def original(text: str) -> str:
    """Return the text that `inert` was given, without its apostrophe."""
    return text[1:] if text.startswith("'") and may_compute(text[1:]) else text


def may_compute(text: str) -> bool:
    """Tell whether some spreadsheet takes the text for a formula, also in its full-width form or behind unseen characters."""
    first = next((character for character in text if unicodedata.category(character) not in UNSEEN), "")
    return text.startswith(tuple(CONTROLS)) or unicodedata.normalize("NFKC", first) in tuple(FORMULA_STARTS)


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


def with_mark(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines with a byte-order mark in front, by which spreadsheets know that a file is UTF-8."""
    mark = "\ufeff"
    for line in lines:
        yield mark + line
        mark = ""
