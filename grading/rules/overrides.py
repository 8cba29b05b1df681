"""A file of overrides: CSV with the columns username, item, points, reason; empty points remove an override, “exempt” exempts."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from foundation.moments import is_plain
from foundation.reasons import LONGEST
from people.rules.spreadsheets import NotCsv, original, spreadsheet_rows

COLUMNS = ("username", "item", "points", "reason")
MOST = 500
EXEMPT = "exempt"  # in place of points


@dataclass(frozen=True)
class OverrideLine:
    """One line; `points` is None to remove an override, or with `is_exempt`."""

    number: int
    username: str
    item: str
    points: Decimal | None
    reason: str
    is_exempt: bool = False


@dataclass(frozen=True)
class LineMistake:
    """A mistake in a line of the file; the header is line 1. `username` says whose line it is, if that helps."""

    number: int
    sentence: str
    username: str = ""


def read_overrides(text: str) -> tuple[list[OverrideLine], list[LineMistake]]:
    """Return the valid lines and the mistakes. Commas or semicolons separate columns; a byte-order mark is skipped.

    Column names are case-insensitive, and the apostrophes that `spreadsheets.inert` adds are removed.
    """
    try:
        names, rows = spreadsheet_rows(text)
    except NotCsv as problem:
        return [], [LineMistake(*problem.args)]
    if missing := [name for name in COLUMNS if name not in names]:
        return [], [LineMistake(1, f"The header is missing these columns: {', '.join(missing)}.")]
    entries = [override_line(number, row) for number, row in enumerate(rows, start=2)]
    lines = [entry for entry in entries if isinstance(entry, OverrideLine)]
    mistakes = [entry for entry in entries if isinstance(entry, LineMistake)]
    if len(lines) > MOST:
        return [], [
            *mistakes,
            LineMistake(lines[MOST].number, f"The file has more than {MOST} lines. Upload it in parts."),
        ]
    return lines, mistakes + repeated_lines(lines)


def override_line(number: int, row: Mapping[str, str | None]) -> OverrideLine | LineMistake | None:
    """Return the override or mistake of a line, or None for an empty line."""
    if None in row:
        return LineMistake(number, "The row has more cells than the header.")
    username, item, points, reason = (original((row.get(name) or "").strip()) for name in COLUMNS)
    if not (username or item or points or reason):
        return None
    if not reason:
        return LineMistake(number, "A reason is missing.")
    if len(reason) > LONGEST:
        return LineMistake(number, f"The reason is longer than {LONGEST} characters.")
    if "\0" in f"{username}{item}{points}{reason}":
        return LineMistake(number, "The line contains a NUL character. Remove it.")
    if not points or points.lower() == EXEMPT:
        return OverrideLine(number, username, item, None, reason, is_exempt=bool(points))
    try:
        return OverrideLine(number, username, item, decimal_of(points), reason)
    except InvalidOperation:
        return LineMistake(number, f"“{points}” is not a number.")


def decimal_of(points: str) -> Decimal:
    """Parse a number with a decimal comma or point. Raises InvalidOperation, also for Python forms such as 1_0 and １２.

    NaN and Infinity pass and are outside every range. A signaling NaN would raise InvalidOperation when it is compared.
    """
    number = Decimal(points.replace(",", "."))
    if not is_plain(points) or number.is_snan():
        raise InvalidOperation
    return number


def repeated_lines(lines: list[OverrideLine]) -> list[LineMistake]:
    """Return a mistake for each line whose learner and item appeared in an earlier line."""
    seen: set[tuple[str, str]] = set()
    mistakes = []
    for line in lines:
        if (line.username, line.item) in seen:
            mistakes.append(LineMistake(line.number, f"{line.username} and “{line.item}” appear twice in the file."))
        seen.add((line.username, line.item))
    return mistakes
