"""Add, change and remove the columns that course.yaml declares (D41), as edits of its text."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict, Unpack

from authoring.refusals import Refusal
from authoring.services.settings import PublishedSettings, settings_changed

if TYPE_CHECKING:
    from accounts.models import User
    from authoring.services.course_edits import CourseEdit
    from course.models import Course

type ColumnRow = Mapping[str, object]


class ColumnEdit(TypedDict):
    """What every change of a column needs: the settings of the course as they are published, and who changes them."""

    course: "Course"
    settings: PublishedSettings
    editor: "User"
    reason: str


def published_columns(settings: PublishedSettings) -> list[ColumnRow]:
    """Return the columns of a course as its text says them, in order."""
    rows = settings.values.get("columns")
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def column_added(*, column: ColumnRow, **edit: Unpack[ColumnEdit]) -> "CourseEdit":
    """Return the edit that adds a column behind the others. Raises Refusal settings_unfit, settings_stale."""
    return _with_columns([*published_columns(edit["settings"]), column], edit)


def column_changed(*, key: str, changes: ColumnRow, **edit: Unpack[ColumnEdit]) -> "CourseEdit":
    """Return the edit that gives a column these values, by name. None removes one.

    Raises Refusal not_found, settings_unfit, settings_stale.
    """
    rows = published_columns(edit["settings"])
    _refuse_unknown(rows, key)
    return _with_columns([{**row, **changes} if row["id"] == key else row for row in rows], edit)


def column_removed(*, key: str, **edit: Unpack[ColumnEdit]) -> "CourseEdit":
    """Return the edit that removes a column, whose points are kept. Raises Refusal not_found, settings_unfit, settings_stale."""
    rows = published_columns(edit["settings"])
    _refuse_unknown(rows, key)
    return _with_columns([row for row in rows if row["id"] != key], edit)


def _refuse_unknown(rows: list[ColumnRow], key: str) -> None:
    if all(row["id"] != key for row in rows):
        raise Refusal("not_found")


def _with_columns(rows: list[ColumnRow], edit: ColumnEdit) -> "CourseEdit":
    return settings_changed(changes={"columns": rows or None}, **edit)
