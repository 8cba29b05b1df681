"""A class list: CSV, or cells pasted from a spreadsheet, with columns such as email, name, student number and group."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from people.rules.student_numbers import mistake_in_number, number_key, plain_number

MOST_ROWS = 1000
LONGEST_GROUP = 80
LONGEST = {"email": 254, "name": 200, "username": 150}
HEADERLESS = "The first row must name the columns, with email or username among them, for example: email,name,group."
COLUMNS = ("email", "name", "username", "group", "first name", "last name", "student number")
ALSO_CALLED = {
    "e-mail": "email",
    "mail": "email",
    "email address": "email",
    "e-mail address": "email",
    "full name": "name",
    "given name": "first name",
    "family name": "last name",
    "surname": "last name",
    "groups": "group",
    "section": "group",
    "user": "username",
    "student_number": "student number",
    "student no": "student number",
    "student no.": "student number",
    "student id": "student number",
    "studentid": "student number",
    "id number": "student number",
    "matriculation number": "student number",
    "registration number": "student number",
    "matrikelnummer": "student number",
    "matrikelnr": "student number",
    "matrikelnr.": "student number",
    "matrikel-nr.": "student number",
}
EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
USERNAME = re.compile(r"[\w.@+-]+")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # our own exports put an apostrophe before a cell that begins so


@dataclass(frozen=True)
class RosterRow:
    """One person of the list. At least one of `email` and `username` is given."""

    number: int
    email: str
    name: str
    username: str
    groups: tuple[str, ...] = ()
    student_number: str = ""


@dataclass(frozen=True)
class RosterMistake:
    """A mistake in a row; the header is row 1."""

    number: int
    sentence: str


@dataclass(frozen=True)
class Roster:
    """What a list says. `unused` are its columns that mean nothing here."""

    rows: tuple[RosterRow, ...]
    mistakes: tuple[RosterMistake, ...]
    unused: tuple[str, ...] = ()


def decode_roster(content: bytes) -> str:
    """Return the text of a file as spreadsheets save it: UTF-8, UTF-16 with its mark, or the Western code page."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read_roster(text: str) -> Roster:
    """Return the rows and the mistakes. Commas, semicolons or tabs separate columns; names of columns have any case."""
    text = text.removeprefix("\ufeff").strip("\r\n")
    if not text.strip():
        return Roster((), (RosterMistake(1, "The list is empty."),))
    if "\0" in text:
        return Roster((), (RosterMistake(1, "The list contains a NUL character, so it is not a text."),))
    header = text.splitlines()[0]
    delimiter = max(",;\t", key=header.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        lines = list(table)
    except csv.Error as error:
        return Roster((), (RosterMistake(table.line_num, f"This is not CSV: {error}."),))
    names = [column_of(cell) for cell in lines[0]]
    if not {"email", "username"} & set(names):
        return Roster((), (RosterMistake(1, HEADERLESS),))
    if doubled := [name for name in COLUMNS if names.count(name) > 1]:
        return Roster((), (RosterMistake(1, f"The column {doubled[0]} is there twice."),))
    unused = tuple(name for name in names if name and name not in COLUMNS)
    if len(lines) - 1 > MOST_ROWS:
        return Roster(
            (), (RosterMistake(MOST_ROWS + 2, f"The list has more than {MOST_ROWS} rows. Split it."),), unused
        )
    rows: list[RosterRow] = []
    mistakes: list[RosterMistake] = []
    for number, cells in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in cells):
            row = row_of(number, dict(zip(names, map(original_cell, cells), strict=False)))
            sentence = mistake_in(row) or (
                "This row has more cells than the header." if len(cells) > len(names) else ""
            )
            (mistakes.append(RosterMistake(number, sentence)) if sentence else rows.append(row))
    return Roster(tuple(rows), tuple(sorted([*mistakes, *repeated(rows)], key=lambda mistake: mistake.number)), unused)


def column_of(cell: str) -> str:
    name = " ".join(cell.split()).casefold()
    return ALSO_CALLED.get(name, name)


def original_cell(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def row_of(number: int, cells: Mapping[str, str]) -> RosterRow:
    groups = (" ".join(part.split()) for part in cells.get("group", "").split("|"))
    return RosterRow(
        number=number,
        email=cells.get("email", ""),
        name=" ".join((cells.get("name") or f"{cells.get('first name', '')} {cells.get('last name', '')}").split()),
        username=cells.get("username", ""),
        groups=tuple(dict.fromkeys(group for group in groups if group)),
        student_number=plain_number(cells.get("student number", "")),
    )


def mistake_in(row: RosterRow) -> str:
    """Return the mistake in one row, regardless of the other rows, or ""."""
    if not (row.email or row.username):
        return "An email address or a username is missing."
    for name, most in LONGEST.items():
        if len(getattr(row, name)) > most:
            return f"The {name} has more than {most} characters."
    if row.email and not EMAIL.fullmatch(row.email):
        return f"“{row.email}” is not an email address."
    if row.username and not USERNAME.fullmatch(row.username):
        return f"“{row.username}” is not a username: use letters, digits and the signs . @ + - _ only."
    if any(len(group) > LONGEST_GROUP for group in row.groups):
        return f"A group’s name has more than {LONGEST_GROUP} characters."
    if any("|" in group for group in row.groups):
        return "A group’s name contains “|”, which separates groups in a file."
    return mistake_in_number(row.student_number)


def repeated(rows: Iterable[RosterRow]) -> list[RosterMistake]:
    """Return a mistake for each row that names a person again."""
    seen: dict[tuple[str, str], int] = {}
    mistakes = []
    for row in rows:
        for kind, value in identities(row):
            if (kind, value) in seen:
                mistakes.append(RosterMistake(row.number, f"Row {seen[kind, value]} has the same {kind}."))
                break
            seen[kind, value] = row.number
    return mistakes


def identities(row: RosterRow) -> Iterable[tuple[str, str]]:
    """Yield what only one person of a list can have, with its name."""
    number = row.student_number and number_key(row.student_number)
    given = (("email", row.email.casefold()), ("username", row.username.casefold()), ("student number", number))
    return ((kind, value) for kind, value in given if value)


def alike_groups(names: Collection[str], known: Collection[str]) -> list[str]:
    """Return a sentence for each set of groups whose names differ only in capitals, if one of them is in `names`.

    `known` are the groups of the course.
    """
    by_letters: dict[str, set[str]] = {}
    for name in (*names, *known):
        by_letters.setdefault(name.casefold(), set()).add(name)
    wanted = {name.casefold() for name in names}
    return [
        f"{' and '.join(f'“{name}”' for name in sorted(alike))} differ only in capitals, so they are separate groups."
        for letters, alike in sorted(by_letters.items())
        if letters in wanted and len(alike) > 1
    ]
