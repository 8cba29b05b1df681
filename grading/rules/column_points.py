"""A file with the points of one column: CSV with the columns username, points and, if wanted, comment (D41)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import InvalidOperation

from foundation.reasons import LONGEST
from grading.rules.overrides import EXEMPT, MOST, LineMistake, OverrideLine, decimal_of, repeated_lines
from people.rules.spreadsheets import NotCsv, original, spreadsheet_rows

POINTS_COLUMNS = ("username", "points", "comment")
NEEDED = POINTS_COLUMNS[:2]
UNEXPLAINED = "An exemption needs a comment that says why."


@dataclass(frozen=True)
class PointsFile:
    """The valid lines of a file, its mistakes, and whether it has a column for comments."""

    lines: tuple[OverrideLine, ...] = ()
    mistakes: tuple[LineMistake, ...] = ()
    has_comments: bool = False


def read_points(text: str, column_id: str) -> PointsFile:
    """Return what a file says. Other columns, such as names, are not read.

    Empty points remove what the learner has in the column; “exempt” in their place exempts the learner.
    """
    try:
        names, rows = spreadsheet_rows(text)
    except NotCsv as problem:
        return PointsFile(mistakes=(LineMistake(*problem.args),))
    if missing := [name for name in NEEDED if name not in names]:
        return PointsFile(mistakes=(LineMistake(1, f"The header is missing these columns: {', '.join(missing)}."),))
    entries = [points_line(number, row, column_id) for number, row in enumerate(rows, start=2)]
    lines = [entry for entry in entries if isinstance(entry, OverrideLine)]
    mistakes = [entry for entry in entries if isinstance(entry, LineMistake)]
    if len(lines) > MOST:
        too_many = f"The file has more than {MOST} lines. Upload it in parts."
        return PointsFile(mistakes=(*mistakes, LineMistake(lines[MOST].number, too_many)))
    mistakes += [LineMistake(line.number, f"{line.username} appears twice in the file.") for line in lines_again(lines)]
    return PointsFile(tuple(lines), tuple(mistakes), POINTS_COLUMNS[2] in names)


def lines_again(lines: list[OverrideLine]) -> list[OverrideLine]:
    """Return the lines whose learner appeared in an earlier line."""
    repeated = {mistake.number for mistake in repeated_lines(lines)}
    return [line for line in lines if line.number in repeated]


def mistakes_without_file(lines: list[OverrideLine]) -> list[LineMistake]:
    """Return the mistakes of lines that no file holds, so that nothing has read them: learners who appear twice, and
    exemptions without a comment.
    """
    twice = [LineMistake(line.number, "An earlier line names the same learner.") for line in lines_again(lines)]
    bare = [line for line in lines if line.is_exempt and not line.reason]
    return [*twice, *(LineMistake(line.number, UNEXPLAINED) for line in bare)]


def points_line(number: int, row: Mapping[str, str | None], column_id: str) -> OverrideLine | LineMistake | None:
    """Return the points or the mistake of a line, or None for an empty line."""
    if None in row:
        return LineMistake(number, "The row has more cells than the header.")
    username, points, comment = (original((row.get(name) or "").strip()) for name in POINTS_COLUMNS)
    if not (username or points or comment):
        return None
    if len(comment) > LONGEST:
        return LineMistake(number, f"The comment is longer than {LONGEST} characters.")
    if "\0" in f"{username}{points}{comment}":
        return LineMistake(number, "The line contains a NUL character. Remove it.")
    is_exempt = points.lower() == EXEMPT
    if is_exempt and not comment:
        return LineMistake(number, UNEXPLAINED)
    try:
        given = None if is_exempt or not points else decimal_of(points)
    except InvalidOperation:
        return LineMistake(number, f"“{points}” is not a number.")
    return OverrideLine(number, username, column_id, given, comment, is_exempt)
