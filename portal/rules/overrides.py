"""A file of overrides: CSV with the columns username, item, points, reason; empty points take an override back."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from course.rules.reasons import LONGEST

COLUMNS = ("username", "item", "points", "reason")
MOST = 500


@dataclass(frozen=True)
class OverrideLine:
    """One line; `points` None takes an override back."""

    number: int
    username: str
    item: str
    points: Decimal | None
    reason: str


@dataclass(frozen=True)
class LineMistake:
    """What is wrong in a line of the file, the header being line 1."""

    number: int
    sentence: str


def read_overrides(text: str) -> tuple[list[OverrideLine], list[LineMistake]]:
    """The lines, and what is wrong with others. Commas or semicolons part the columns; a byte-order mark is skipped."""
    text = text.removeprefix("\ufeff")
    header = text.partition("\n")[0]
    rows = csv.DictReader(text.splitlines(), delimiter=";" if header.count(";") > header.count(",") else ",")
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or [])]:
        return [], [LineMistake(1, f"The header lacks {', '.join(missing)}.")]
    lines: list[OverrideLine] = []
    mistakes: list[LineMistake] = []
    for number, row in enumerate(rows, start=2):
        found = line_of(number, row)
        if isinstance(found, LineMistake):
            mistakes.append(found)
        elif found is not None:
            lines.append(found)
    if len(lines) > MOST:
        return [], [*mistakes, LineMistake(lines[MOST].number, f"At most {MOST} lines go at once.")]
    return lines, mistakes + doubles(lines)


def line_of(number: int, row: Mapping[str, str | None]) -> OverrideLine | LineMistake | None:
    """None for an empty line."""
    username, item, points, reason = ((row.get(name) or "").strip() for name in COLUMNS)
    if not (username or item or points or reason):
        return None
    if not reason:
        return LineMistake(number, "A reason is missing.")
    if len(reason) > LONGEST:
        return LineMistake(number, f"The reason is longer than {LONGEST} characters.")
    if "\0" in f"{username}{item}{points}{reason}":
        return LineMistake(number, "A NUL stands in it, which nothing can store.")
    if not points:
        return OverrideLine(number, username, item, None, reason)
    try:
        return OverrideLine(number, username, item, decimal_of(points), reason)
    except InvalidOperation:
        return LineMistake(number, f"“{points}” is no number of points.")


def decimal_of(points: str) -> Decimal:
    """With a comma or a point. InvalidOperation for what Python alone reads as a number, such as 1_0."""
    if "_" in points:
        raise InvalidOperation
    return Decimal(points.replace(",", "."))


def doubles(lines: list[OverrideLine]) -> list[LineMistake]:
    seen: set[tuple[str, str]] = set()
    found = []
    for line in lines:
        if (line.username, line.item) in seen:
            found.append(LineMistake(line.number, f"{line.username} and “{line.item}” stand in the file twice."))
        seen.add((line.username, line.item))
    return found
