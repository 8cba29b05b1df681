"""A file of allowances, which are what single learners have more than everyone: exam time, later dates, extra attempts.

CSV with the columns username and note, and any of item, multiplier, due, closes and extra_attempts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation

from foundation.moments import YEARS, is_plain
from foundation.reasons import LONGEST
from grading.rules.overrides import LineMistake, decimal_of
from people.rules.spreadsheets import NotCsv, original, spreadsheet_rows

NEEDED = ("username", "note")
GIVEN = ("item", "multiplier", "due", "closes", "extra_attempts")
MOST = 500


@dataclass(frozen=True)
class AllowanceLine:
    """What a line gives a learner; None leaves things as they are. Dates and attempts are for `item`, time for all exams.

    Of two dates, one that is None becomes that of everyone if the other is given.
    """

    number: int
    username: str
    note: str
    item: str = ""
    multiplier: Decimal | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    extra_attempts: int | None = None

    @property
    def has_dates(self) -> bool:
        return self.due_at is not None or self.closes_at is not None


def read_allowances(text: str, zone: tzinfo) -> tuple[list[AllowanceLine], list[LineMistake]]:
    """Return the valid lines and the mistakes. A time without an offset is in `zone`.

    Commas or semicolons separate columns; a byte-order mark is skipped, and so are empty lines.
    """
    try:
        names, rows = spreadsheet_rows(text)
    except NotCsv as problem:
        return [], [LineMistake(*problem.args)]
    if missing := [name for name in NEEDED if name not in names]:
        return [], [LineMistake(1, f"The header is missing these columns: {', '.join(missing)}.")]
    if unknown := [name for name in names if name not in (*NEEDED, *GIVEN)]:
        return [], [LineMistake(1, f"The header has a column that means nothing here: “{unknown[0]}”.")]
    if doubled := [name for name in names if names.count(name) > 1]:
        return [], [LineMistake(1, f"The column {doubled[0]} is there twice.")]
    read = [allowance_line(number, row, zone) for number, row in enumerate(rows, start=2)]
    lines = [line for line in read if isinstance(line, AllowanceLine)]
    mistakes = [mistake for mistake in read if isinstance(mistake, LineMistake)]
    if len(lines) + len(mistakes) > MOST:
        return [], [LineMistake(MOST + 2, f"The file has more than {MOST} lines. Upload it in parts.")]
    return lines, [*mistakes, *allowances_given_twice(lines)]


def allowance_line(number: int, row: Mapping[str, str], zone: tzinfo) -> AllowanceLine | LineMistake | None:
    """Return the allowance or the mistake of a line, or None for an empty line."""
    if None in row:
        return LineMistake(number, "The row has more cells than the header.")
    cells = {name: original((row.get(name) or "").strip()) for name in (*NEEDED, *GIVEN)}
    if not any(cells.values()):
        return None
    try:
        line = AllowanceLine(
            number=number,
            username=cells["username"],
            note=cells["note"],
            item=cells["item"],
            multiplier=multiplier_in(cells["multiplier"]),
            due_at=moment_of(cells["due"], zone),
            closes_at=moment_of(cells["closes"], zone),
            extra_attempts=count_in(cells["extra_attempts"]),
        )
    except ValueError as error:
        return LineMistake(number, str(error))
    sentence = mistake_of(line)
    return LineMistake(number, sentence) if sentence else line


def multiplier_in(text: str) -> Decimal | None:
    """Return a multiplier with a decimal comma or point. Raises ValueError with a sentence."""
    try:
        return decimal_of(text) if text else None
    except InvalidOperation:
        raise ValueError(f"“{text}” is not a number.") from None


def moment_of(text: str, zone: tzinfo) -> datetime | None:
    """Return a date with its time. Raises ValueError with a sentence."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not is_plain(text) or ":" not in text or moment.year not in YEARS:
        raise ValueError(f"“{text}” is not a date with a time, such as 2027-03-30 21:00.")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def count_in(text: str) -> int | None:
    """Return a number of attempts. Raises ValueError with a sentence."""
    if text and not (text.isascii() and text.isdecimal() and len(text) < 4):
        raise ValueError(f"“{text}” is not a number of attempts.")
    return int(text) if text else None


def mistake_of(line: AllowanceLine) -> str:
    """Return the mistake in a line, regardless of the other lines and of the course, or ""."""
    if "\0" in f"{line.username}{line.item}{line.note}":
        return "The row contains a NUL character. Remove it."
    if not line.username:
        return "The username is missing."
    if not line.note:
        return "The private note is missing: it says why."
    if len(line.note) > LONGEST:
        return f"The note is longer than {LONGEST} characters."
    of_item = line.has_dates or line.extra_attempts is not None
    if line.multiplier is None and not of_item:
        return "The row gives nothing: it has no multiplier, no date and no extra attempts."
    if of_item and not line.item:
        return "The item is missing, for which the dates or extra attempts are."
    return ""


def allowances_given_twice(lines: Iterable[AllowanceLine]) -> list[LineMistake]:
    """Return a mistake for each line that gives a learner again what an earlier line gives."""
    seen: dict[tuple[str, str], int] = {}
    mistakes = []
    for line in lines:
        keys = [(line.username, "")] if line.multiplier is not None else []
        keys += [(line.username, line.item)] if line.item else []
        earlier = [seen[key] for key in keys if key in seen]
        if earlier:
            mistakes.append(
                LineMistake(line.number, f"Row {earlier[0]} is about the same learner and item, or exam time.")
            )
        seen |= dict.fromkeys(keys, line.number)
    return mistakes
