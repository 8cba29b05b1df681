"""Read how late answers count: as the assessment says itself, or else as the course says (D34)."""

from collections.abc import Mapping

from authoring.folder.document import Document, Path
from authoring.folder.reading import FolderReading
from course.rules.schedule import Dates

NOT_DUE = "“late” needs a due date; without one, no answer is late"


def read_late(
    reading: FolderReading, dates: Dates, path: str, document: Document, keys: Path = ()
) -> Mapping[str, int]:
    """Return the late policy of an assessment, or nothing if late answers count in full or nothing is due.

    `keys` is where its own `late` may be in its file; `dates` are those in force.
    """
    around = document.data
    for name in keys:
        around = around.get(str(name)) or {}
    own = around.get("late")
    if own and own["percent_per_day"] and dates.due_at is None:
        reading.report_at(path, document, (*keys, "late"), f"{NOT_DUE}.")
    policy = own or reading.late
    if dates.due_at is None or not policy.get("percent_per_day"):
        return {}
    return {
        "percent_per_day": policy["percent_per_day"],
        "grace_minutes": policy.get("grace_minutes") or 0,
        "lowest_percent": policy.get("lowest_percent") or 0,
    }
