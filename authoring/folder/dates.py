"""Read the dates of a course, a module or an assessment, which are written in the course's time zone."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from authoring.folder.document import Document, Path
from authoring.folder.reading import FolderReading
from authoring.folder.shapes import MOMENT
from course.rules.schedule import UNDATED, Dates, order_problem

NAMES = ("opens", "due", "closes")
LATER = "“opens” must come before “due” and “closes”, and “due” must not come after “closes”"


def read_dates(
    reading: FolderReading, path: str, document: Document, *, outer: Dates = UNDATED, keys: Path = ()
) -> Dates:
    """Return the dates written at `keys` in a file that fits its shape, and report those that cannot be.

    `outer` are the dates in force around it: a module's lie within the course's.
    """
    written: Mapping[str, Any] = document.data
    for name in keys:
        written = written.get(str(name)) or {}
    instants = {
        f"{name}_at": written_instant(written[name], reading.zone, is_end=name != "opens")
        for name in NAMES
        if written.get(name)
    }
    for name in NAMES:
        if f"{name}_at" in instants and instants[f"{name}_at"] is None:
            skipped = f"“{name}” is a time that clocks in {reading.zone.key} skip; write another."
            reading.report_at(path, document, (*keys, name), skipped)
    dates = Dates(**instants)
    if instants and (problem := order_problem(dates.within(outer))):
        around = " (the dates of the course and the module count too)" if outer != UNDATED else ""
        reading.report_at(
            path, document, (*keys, problem if written.get(problem) else next(iter(written))), f"{LATER}{around}."
        )
    return dates


def written_instant(written: str, zone: ZoneInfo, *, is_end: bool) -> datetime | None:
    """Return a written time as an instant, or None if clocks skip it.

    When clocks go back, a time happens twice: things open at the first and end at the second, in favor of learners.
    """
    local = datetime.strptime(str(written), MOMENT).replace(tzinfo=zone, fold=int(is_end))
    at = local.astimezone(UTC)
    return at if at.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None
