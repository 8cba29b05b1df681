"""The gradebook's own CSV, loaded again after somebody edited it: only the points that instructors give are read.

Percents follow from points, and names come from accounts. They also move between download and upload, so a cell of
them that differs is named and never stored.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import InvalidOperation

from foundation.reasons import LONGEST
from grading.rules.overrides import EXEMPT, MOST, LineMistake, OverrideLine, decimal_of
from people.rules.spreadsheets import NotCsv, original, spreadsheet_rows
from people.rules.student_numbers import is_same_number, number_key, plain_number

GIVEN_HEAD = "{}: points given"  # of an item, for the points that an instructor gave in it
GIVEN_END = GIVEN_HEAD.format("")
USERNAME, NUMBER, OVERALL = "username", "student_number", "overall_percent"
DATE = re.compile(r"[0-9]{1,4}[./ -]+([0-9]{1,2}|[^\W\d_]{3,9}\.?)([./ -]+[0-9]{2,4})?\.?")
# What Excel writes in place of true and false, in the languages that our users have asked about.
TRUE = {"true", "wahr", "vrai", "verdadero", "vero", "waar", "prawda", "sant", "sand", "tosi"}
FALSE = {"false", "falsch", "faux", "falso", "onwaar", "fałsz", "falskt", "falsk", "epätosi"}


@dataclass(frozen=True)
class UnreadCell:
    """A cell that differs from the gradebook as it is now, and that a file cannot change."""

    number: int
    username: str
    head: str
    now: str
    written: str


@dataclass(frozen=True)
class GradebookFile:
    """What a file changes, its mistakes, the cells that it cannot change, and its columns that mean nothing here."""

    lines: tuple[OverrideLine, ...] = ()
    mistakes: tuple[LineMistake, ...] = ()
    unread: tuple[UnreadCell, ...] = ()
    unused: tuple[str, ...] = ()


@dataclass(frozen=True)
class GradebookNow:
    """The gradebook as its file would be now: the cells by username and head, and the id of each item by its head."""

    heads: Sequence[str]
    rows: Mapping[str, Mapping[str, str]]
    items: Mapping[str, str]
    own_columns: frozenset[str] = frozenset()  # the ids of items whose points need no reason


def is_gradebook_file(text: str) -> bool:
    """Tell the gradebook's file from one of overrides, which has a column `item`, also if columns were removed from it."""
    try:
        names, _rows = spreadsheet_rows(text)
    except NotCsv:
        return False
    heads = {original(name) for name in names}
    return "item" not in heads and (OVERALL in heads or any(name.endswith(GIVEN_END) for name in heads))


def read_gradebook(text: str, now: GradebookNow, reason: str) -> GradebookFile:
    """Return what an edited file of the gradebook changes. Its rows may have any order, and rows and columns may be missing.

    `reason` goes with each change; overrides and exemptions need one.
    """
    try:
        names, rows = spreadsheet_rows(text)
    except NotCsv as problem:
        return GradebookFile(mistakes=(LineMistake(*problem.args),))
    heads = known_heads(names, now)
    if USERNAME not in heads.values():
        return GradebookFile(mistakes=(LineMistake(1, "The column username is missing. It says whose row it is."),))
    if doubled := [head for head in heads.values() if [*heads.values()].count(head) > 1 or written_twice(names, head)]:
        return GradebookFile(mistakes=(LineMistake(1, f"The column {doubled[0]} is there twice."),))
    unused = tuple(name for name in names if name and name not in heads)
    return sorted_entries(file_changes(rows, heads, now, reason), unused)


type Entry = OverrideLine | LineMistake | UnreadCell


def file_changes(
    rows: Sequence[Mapping[str, str]], heads: Mapping[str, str], now: GradebookNow, reason: str
) -> Iterator[Entry]:
    """Yield what each row changes, what is wrong with it, and what it cannot change."""
    seen: set[str] = set()
    people = Usernames(now.rows)
    for number, row in enumerate(rows, start=2):
        cells = {heads[name]: original((value or "").strip()) for name, value in row.items() if name in heads}
        if not any(cells.values()):
            continue
        username = people.matching(cells[USERNAME])
        if username is None or username in seen or any(row.get(None) or ()):  # type: ignore[call-overload]
            yield LineMistake(number, row_mistake(cells[USERNAME], username, seen))
            continue
        seen.add(username)
        yield from row_changes(number, username, cells, now, reason)


def sorted_entries(entries: Iterator[Entry], unused: tuple[str, ...]) -> GradebookFile:
    """Return the entries by their kind. Too many changes are a mistake."""
    lines: list[OverrideLine] = []
    mistakes: list[LineMistake] = []
    unread: list[UnreadCell] = []
    for entry in entries:
        match entry:
            case OverrideLine():
                lines.append(entry)
            case LineMistake():
                mistakes.append(entry)
            case UnreadCell():
                unread.append(entry)
    if len(lines) > MOST:
        too_many = f"The file changes more than {MOST} cells. Upload it in parts."
        mistakes.append(LineMistake(lines[MOST].number, too_many))
    return GradebookFile(tuple(lines), tuple(mistakes), tuple(unread), unused)


def known_heads(names: Sequence[str], now: GradebookNow) -> dict[str, str]:
    """Return the head of each column of the file that the gradebook has, by its name in the file."""
    by_name = {head.strip().lower(): head for head in now.heads}
    return {name: by_name[original(name)] for name in names if original(name) in by_name}


def written_twice(names: Sequence[str], head: str) -> bool:
    return [original(name) for name in names].count(head.strip().lower()) > 1


class Usernames:
    """Who a row is about. A spreadsheet drops the zeros in front of a username that is a number."""

    def __init__(self, rows: Mapping[str, object]) -> None:
        self.exact = set(rows)
        self.keys: dict[str, list[str]] = {}
        for username in rows:
            self.keys.setdefault(number_key(username), []).append(username)

    def matching(self, written: str) -> str | None:
        if written in self.exact:
            return written
        alike = self.keys.get(number_key(written), []) if written.isdecimal() else []
        return alike[0] if len(alike) == 1 else None


def row_mistake(written: str, username: str | None, seen: set[str]) -> str:
    if not written:
        return "The username is missing, so nobody knows whose row this is."
    if username is None:
        return f"No learner of the course is called “{written}”."
    return f"{username} appears twice in the file." if username in seen else "The row has more cells than the header."


def row_changes(
    number: int, username: str, cells: Mapping[str, str], now: GradebookNow, reason: str
) -> Iterator[Entry]:
    """Yield what the cells of a row change, what is wrong with them, and which cannot change anything."""
    stored = now.rows[username]
    for head, written in cells.items():
        if head == USERNAME or is_same_cell(head, stored.get(head, ""), written):
            continue
        if head in now.items:
            yield given_line(number, username, head, written, now, reason)
        else:
            yield UnreadCell(number, username, head, stored.get(head, ""), written)


def given_line(
    number: int, username: str, head: str, written: str, now: GradebookNow, reason: str
) -> OverrideLine | LineMistake:
    """Return the points that a cell gives, or its mistake."""
    item, is_exempt = now.items[head], written.lower() == EXEMPT
    if not reason and (is_exempt or item not in now.own_columns):
        return LineMistake(number, f"“{head}” changes. Write the reason, which the learner reads.", username)
    if len(reason) > LONGEST:
        return LineMistake(number, f"The reason is longer than {LONGEST} characters.")
    try:
        points = None if is_exempt or not written else decimal_of(written)
    except InvalidOperation:
        why = " A spreadsheet may have read the points as a date." if DATE.fullmatch(written) else ""
        return LineMistake(number, f"“{written}” in “{head}” is not a number.{why}", username)
    return OverrideLine(number, username, item, points, reason, is_exempt)


def is_same_cell(head: str, now: str, written: str) -> bool:
    """Return whether a cell says what the gradebook says, in the way in which a spreadsheet writes it."""
    now = now.strip()
    if now == written:
        return True
    if head == NUMBER:
        return is_same_number(now, plain_number(written))
    if now.lower() in ("true", "false"):
        return written.lower() in (TRUE if now.lower() == "true" else FALSE)
    try:
        return decimal_of(now) == decimal_of(written)
    except InvalidOperation:
        return now.lower() == written.lower() == EXEMPT
