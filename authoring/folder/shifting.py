"""Move every date of a course by the same number of days, or rename it, for a new term. The rest of each text stays."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from authoring.folder.dates import NAMES, written_instant
from authoring.folder.document import Path, read_document
from authoring.folder.sections import may_say_dates
from authoring.folder.shapes import MOMENT, date_and_time

MOST_DAYS = 3660


@dataclass(frozen=True, order=True)
class ShiftedDate:
    """A date in a file of the course, before and after, as the file writes it."""

    path: str
    line: int
    name: str
    before: str
    after: str


def shift_texts(files: Mapping[str, str], days: int) -> tuple[dict[str, str], list[ShiftedDate]]:
    """Return the texts that change, and each date that moves. Times of day stay the same on the wall clock."""
    texts: dict[str, str] = {}
    moved: list[ShiftedDate] = []
    for path, text in files.items():
        if may_say_dates(path):
            dates = _dates_in(path, text, days)
            if dates:
                texts[path] = _with_dates(text, dates)
                moved += dates
    return texts, sorted(moved)


@dataclass(frozen=True)
class ZonedDate:
    """A date in a file of the course, and the instants that it means in two time zones."""

    date: ShiftedDate
    before: datetime
    after: datetime


def dates_in_zones(files: Mapping[str, str], before: ZoneInfo, after: ZoneInfo) -> list[ZonedDate]:
    """Return the dates that mean another instant in another time zone. Times that clocks skip are left to the check."""
    _texts, dates = shift_texts(files, 0)
    instants = [
        (date, *(written_instant(date.before, zone, is_end=date.name != "opens") for zone in (before, after)))
        for date in dates
    ]
    return [ZonedDate(date, old, new) for date, old, new in instants if old and new and old != new]


def rename_course(text: str, *, slug: str, title: str) -> str:
    """Return course.yaml with another slug and title. Comments and everything else stay."""
    for name, value in (("slug", slug), ("title", title)):
        written = f"{name}: {json.dumps(value, ensure_ascii=False)}"
        text = re.sub(rf"^{name}\s*:.*$", lambda _, to=written: to, text, count=1, flags=re.MULTILINE)
    return text


def _dates_in(path: str, text: str, days: int) -> list[ShiftedDate]:
    document = read_document(text)
    return [
        ShiftedDate(path, document.line(keys), str(keys[-1]), value, _shifted(value, days))
        for keys, value in _dates_named(document.data, ())
        if date_and_time(value) is None
    ]


def _dates_named(data: object, keys: Path) -> list[tuple[Path, str]]:
    """Return the dates of a document and of the mappings and rows in it, each with its place."""
    if isinstance(data, list):
        return [*chain.from_iterable(_dates_named(row, (*keys, index)) for index, row in enumerate(data))]
    if not isinstance(data, dict):
        return []
    dates = [((*keys, name), str(data[name])) for name in NAMES if data.get(name)]
    inside = [_dates_named(value, (*keys, str(name))) for name, value in data.items() if name not in NAMES]
    return [*dates, *chain.from_iterable(inside)]


def _shifted(written: str, days: int) -> str:
    at = datetime.strptime(written, MOMENT).replace(tzinfo=UTC) + timedelta(days=days)
    return at.strftime(MOMENT)


def _with_dates(text: str, dates: list[ShiftedDate]) -> str:
    """Write the new dates into the lines of their names. Comments and everything else stay."""
    lines = text.split("\n")
    for date in dates:
        pattern = rf"(\b{date.name}\b[\"']?\s*:\s*[\"']?){re.escape(date.before)}"
        lines[date.line - 1] = re.sub(
            pattern, lambda match, to=date.after: f"{match[1]}{to}", lines[date.line - 1], count=1
        )
    return "\n".join(lines)
