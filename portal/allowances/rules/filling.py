"""Fill in the dates of a group from rows of a spreadsheet, or by moving dates by days."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta, tzinfo

from course.rules.schedule import Dates
from grading.rules.overrides import LineMistake
from portal.allowances.rules.allowances import MOST, moment_of

COLUMNS = 4  # item, opens, due, closes
MOST_DAYS = 400


def read_pasted_dates(text: str, items: Mapping[str, str], zone: tzinfo) -> tuple[dict[str, Dates], list[LineMistake]]:
    """Return the dates by id of the item in rows of item, opening, due date and closing, and what is wrong with rows.

    The cells are separated by tabs, as a spreadsheet copies them. `items` are the ids by title. A first row that names
    no item but begins with "Item" is a header.
    """
    dates: dict[str, Dates] = {}
    mistakes: list[LineMistake] = []
    rows = [row for row in enumerate(text.splitlines(), start=1) if row[1].strip()]
    if len(rows) > MOST:
        return {}, [LineMistake(MOST + 1, f"There are more than {MOST} rows. Paste them in parts.")]
    for number, row in rows:
        title, *cells = [cell.strip() for cell in row.split("\t")]
        if number == 1 and title.casefold() == "item" and title not in items:
            continue
        try:
            dates[item_called(title, items, dates)] = dates_in(cells, zone)
        except ValueError as error:
            mistakes.append(LineMistake(number, str(error)))
    return dates, mistakes


def item_called(title: str, items: Mapping[str, str], given: Collection[str]) -> str:
    """Return the id of an item. Raises ValueError with a sentence for an unknown one, and for one that was given before."""
    if title not in items:
        raise ValueError(f"No item is called “{title}”, or several are.")
    if items[title] in given:
        raise ValueError(f"An earlier row gives the dates of “{title}”.")
    return items[title]


def dates_in(cells: list[str], zone: tzinfo) -> Dates:
    """Return the dates in the cells after the title. Raises ValueError with a sentence."""
    if len(cells) >= COLUMNS:
        raise ValueError("The row has more than four cells: item, opens, due, closes.")
    opens, due, closes = [*cells, "", "", ""][: COLUMNS - 1]
    return Dates(moment_of(opens, zone), moment_of(due, zone), moment_of(closes, zone))


def shifted_dates(own: Dates, common: Dates, days: int, zone: tzinfo) -> Dates:
    """Return the dates in force for a group, moved by days. The time of day stays the same in the time zone."""
    own_or_common = ((at or common.named[name]) for name, at in own.named.items())
    opens_at, due_at, closes_at = (at and moved_by_days(at, days, zone) for at in own_or_common)
    return Dates(opens_at, due_at, closes_at)


def moved_by_days(at: datetime, days: int, zone: tzinfo) -> datetime:
    return at.astimezone(zone) + timedelta(days=days)
