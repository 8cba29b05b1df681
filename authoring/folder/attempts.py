"""Read how many attempts a question has, by its type: as its assessment says, or else as the course says."""

from collections.abc import Mapping

from authoring.folder.document import Document, Path
from authoring.folder.reading import FolderReading
from authoring.folder.writing import value_at
from questions import types

NAME = "attempts"


def read_attempts(
    reading: FolderReading, path: str, document: Document, keys: Path = (), outer: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Return the numbers in force, and report unknown types and what is not a number. `outer` are those of the course.

    A default of the assessment itself replaces all numbers of the course.
    """
    limits = value_at(document.data, (*keys, NAME)) or {}
    if not isinstance(limits, dict):  # which the shape of the file reports
        limits = {}
    if outer is None and "default" not in limits:
        reading.report_at(path, document, (*keys, NAME), "“default” is missing.")
    for name, limit in limits.items():
        if name not in ("default", *types.names()):
            reading.report_at(path, document, (*keys, NAME, name), f"“{name}” is not a question type.")
        if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= 100:
            text = f"“{name}” needs a whole number from 1 to 100."
            reading.report_at(path, document, (*keys, NAME, name), text)
    return {**({} if "default" in limits else outer or {}), **limits}
