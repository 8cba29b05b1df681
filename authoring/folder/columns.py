"""Read the columns of course.yaml: graded items without an activity, whose points instructors enter (D41)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from authoring.folder.dates import written_instant
from authoring.folder.document import Document
from authoring.folder.reading import FolderReading
from course.rules.texts import ColumnText
from grading.rules.membership import COLUMN, MIXED

LONGEST_TITLE = 200
HUNDREDTH = Decimal("0.01")


def columns_of_course(reading: FolderReading, path: str, document: Document) -> tuple[ColumnText, ...]:
    """Return the columns of a course.yaml that fits its shape. Report those that cannot be."""
    return tuple(_read_columns(reading, path, document))


def _read_columns(reading: FolderReading, path: str, document: Document) -> Iterator[ColumnText]:
    categories = {category["id"] for category in document.data["categories"]}
    for index, row in enumerate(document.data.get("columns") or ()):
        for name, problem in _problems(row, categories):
            reading.report_at(path, document, ("columns", index, name), problem)
        reading.claim("column", row["id"], path, document.line(("columns", index, "id")))
        due_at = written_instant(row["due"], reading.zone, is_end=True) if row.get("due") else None
        if row.get("due") and due_at is None:
            skipped = f"“due” is a time that clocks in {reading.zone.key} skip; write another."
            reading.report_at(path, document, ("columns", index, "due"), skipped)
        yield ColumnText(
            key=row["id"],
            title=row["title"].strip(),
            maximum=Decimal(row["maximum"]),
            category=row["category"],
            due_at=due_at,
            is_extra=bool(row.get("extra_credit")),
        )


def _problems(row: Mapping[str, Any], categories: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield field and problem of what the shape of a row cannot say."""
    maximum = Decimal(row["maximum"])
    if maximum != maximum.quantize(HUNDREDTH):
        yield "maximum", "“maximum” needs a number with at most two decimals."
    if len(row["title"].strip()) > LONGEST_TITLE:
        yield "title", f"“title” needs at most {LONGEST_TITLE} characters."
    if row["category"] not in categories:
        yield "category", f"the course has no category “{row['category']}”. Use the id of one of the categories."


def regular_columns(document: Document, category: str) -> int:
    """Return how many columns a category of course.yaml has whose items are not extra."""
    rows = document.data.get("columns") or ()
    return sum(row["category"] == category and not row.get("extra_credit") for row in rows)


def listed_column(key: str, document: Document) -> str:
    """Return what is wrong if a category lists a column, or ""."""
    if all(row["id"] != key for row in document.data.get("columns") or ()):
        return ""
    return f"“{key}” is a {COLUMN}, which names its category itself. Take it out of this list."


def category_for_column(categories: Sequence[Mapping[str, Any]], exams: Collection[str]) -> str:
    """Return the id of the category that a new column is proposed for, or "" if its author has to choose one.

    One for columns alone comes first, then the first without an exam: nobody should find homework counted as an exam.
    `exams` are the ids of the exams of the course.
    """
    regular = [row for row in categories if not row.get("extra_credit")]
    own = [row for row in regular if row.get("of") == COLUMN]
    others = [row for row in regular if row.get("of") in ("review", "lab") or _is_mixed_without(row, exams)]
    return next((str(row.get("id", "")) for row in (*own, *others)), "")


def _is_mixed_without(row: Mapping[str, Any], exams: Collection[str]) -> bool:
    listed = [*(row.get("items") or ()), *(row.get("extra_items") or ())]
    return row.get("of") == MIXED and not set(map(str, listed)) & set(exams)
