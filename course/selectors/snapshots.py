"""Published content of a course as one value, and which revision of it a request sees.

A snapshot belongs to one revision (`foundation.fast.revisions`). A request learns the current revision from a query that
it runs anyway, and `snapshot_at` reads the course again only if the revision in memory is a different one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet

from course.models import Course, Revision
from foundation.fast.prepared import PreparedQuery
from foundation.fast.snapshots import Snapshot, SnapshotMemory

type ReaderId = Callable[[], int | None]
type Values = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class ReaderRow:
    """A table with at most one row of a reader in each course. The query that reads the revisions reads it too.

    `relation` is the name of the table as seen from the course, and `condition` chooses the rows of a person.
    """

    name: str
    relation: str
    condition: Callable[[int], Q]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class CourseLine:
    """A course, its current revision, and who sees it."""

    id: int
    revision: str
    slug: str
    title: str
    visibility: str


@dataclass
class Pinned:
    """What one request has seen: the courses with their revisions, the snapshots it used, and its reader's rows.

    `rows` holds the values of each kind of row by course.
    """

    courses: tuple[CourseLine, ...]
    snapshots: dict[int, Snapshot]
    reader: int | None
    rows: dict[ReaderRow, dict[int, Values]]


LINE = ("course_id", "token", "course__slug", "course__title", "course__visibility")


def lines_of_reader(user_id: int) -> QuerySet[Revision, Any]:
    """Return every course, joined with this person's rows."""
    rows = Revision.objects.annotate(
        **{
            row.name: FilteredRelation(f"course__{row.relation}", condition=row.condition(user_id))
            for row in _reader_rows
        }
    )
    columns = (f"{row.name}__{name}" for row in _reader_rows for name in row.fields)
    return rows.order_by("course__title", "course").values_list(*LINE, *columns)


LINES_OF_READER = PreparedQuery(lines_of_reader, user_id=int)
LINE_OF_READER = PreparedQuery(
    lambda user_id, course_id: lines_of_reader(user_id).filter(course=course_id), user_id=int, course_id=int
)
LINES = PreparedQuery(lambda: Revision.objects.order_by("course__title", "course").values_list(*LINE))
VISIBILITY = PreparedQuery(
    lambda course_id: Course.objects.filter(pk=course_id).values_list("visibility"), course_id=int
)
_pinned: ContextVar["list[Pinned] | None"] = ContextVar("pinned", default=None)
_reader: ContextVar[ReaderId | None] = ContextVar("reader", default=None)
_reader_rows: list[ReaderRow] = []


def row_of_reader(name: str, relation: str, condition: Callable[[int], Q], fields: tuple[str, ...]) -> ReaderRow:
    """Let the query that reads the revisions read a row of the reader in each course, too.

    Call this once, when the app's module is imported. The app must import it when it is ready, before any query is
    prepared.
    """
    row = ReaderRow(name, relation, condition, fields)
    _reader_rows.append(row)
    return row


@contextmanager
def one_revision(reader: ReaderId | None = None) -> Iterator[None]:
    """Let everything inside see one revision of each course, the one that is current when it is first asked for.

    The query that reads the revisions also reads the rows of the `reader`, whose id is asked for then. For
    requests that only read. One that writes must see, under its lock, what is current then.
    """
    pinned, asked = _pinned.set([]), _reader.set(reader)
    try:
        yield
    finally:
        _pinned.reset(pinned)
        _reader.reset(asked)


def course_lines() -> tuple[CourseLine, ...]:
    """Return every course, by title. Runs one query, for a request under `one_revision` once."""
    return _seen().courses


def published(course_id: int) -> Snapshot:
    """Return what is published of a course. Raises KeyError if the course does not exist."""
    seen = _seen()
    if course_id not in seen.snapshots:
        revision = next((line.revision for line in seen.courses if line.id == course_id), None)
        if revision is None:
            raise KeyError(course_id)
        seen.snapshots[course_id] = snapshot_at(course_id, revision)
    return seen.snapshots[course_id]


def visibility_of(course_id: int) -> str:
    """Return a course's visibility, "" for an unknown course. Runs at most one query, and none in a request that was pinned."""
    if _pinned.get() is None:
        return next((row[0] for row in VISIBILITY(course_id=course_id)), "")
    return next((line.visibility for line in _seen().courses if line.id == course_id), "")


def courses_seen_by(user_id: int | None) -> Pinned:
    """Return every course, with this person's rows. Runs one query, and none for the reader of a request that was pinned."""
    seen = _seen() if _pinned.get() is not None else None
    return _seen_by(user_id) if seen is None or seen.reader != user_id else seen


def course_seen_by(user_id: int, course_id: int) -> Pinned:
    """Return the one course, with this person's rows. Runs one query."""
    return _pinned_from(LINE_OF_READER(user_id=user_id, course_id=course_id), user_id)


def is_pinned() -> bool:
    """Return whether this request sees one revision of each course."""
    return _pinned.get() is not None


def rows_seen(row: ReaderRow, user_id: int) -> dict[int, Values] | None:
    """Return this person's rows by course, or None if this request has not read them, because it is not pinned or has
    another reader.
    """
    seen = _seen() if _reader.get() and _pinned.get() is not None else None
    return None if seen is None or seen.reader != user_id else seen.rows[row]


def rows_read(row: ReaderRow, user_id: int) -> dict[int, Values] | None:
    """Return this person's rows by course if this request has read them already, without asking for them otherwise."""
    pinned = _pinned.get()
    return pinned[0].rows[row] if pinned and pinned[0].reader == user_id else None


def _seen() -> Pinned:
    pinned, reader = _pinned.get(), _reader.get()
    if pinned:
        return pinned[0]
    seen = _seen_by(reader() if reader else None)
    if pinned is not None:
        pinned.append(seen)
    return seen


def _seen_by(reader: int | None) -> Pinned:
    return _pinned_from(LINES() if reader is None else LINES_OF_READER(user_id=reader), reader)


def _pinned_from(lines: list[Values], reader: int | None) -> Pinned:
    courses = tuple(CourseLine(*line[: len(LINE)]) for line in lines)
    rows: dict[ReaderRow, dict[int, Values]] = {row: {} for row in _reader_rows}
    if reader is not None:
        begin = len(LINE)
        for row, by_course in rows.items():
            end = begin + len(row.fields)
            by_course.update({line[0]: line[begin:end] for line in lines if line[begin] is not None})
            begin = end
    return Pinned(courses, {}, reader, rows)


def revision_of(course_id: int) -> str:
    """Return the course's current revision, or "" if the course does not exist. Runs one query."""
    return Revision.objects.filter(course_id=course_id).values_list("token", flat=True).first() or ""


MEMORY = SnapshotMemory(revision_of)
part_of_snapshot, snapshot_at = MEMORY.part, MEMORY.snapshot_at
snapshot_in_memory, forget_snapshots = MEMORY.in_memory, MEMORY.forget
