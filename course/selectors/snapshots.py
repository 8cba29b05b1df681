"""Published content of a course as one value that each process keeps in memory and shares between requests.

A snapshot belongs to one revision (`foundation.revisions`). A request learns the current revision from a query that it
runs anyway, and `snapshot_at` reads the course again only if the revision in memory is a different one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, cast

from django.db.models import FilteredRelation, Q, QuerySet

from course.models import Course, Enrollment, Revision, StudyGoal
from foundation.prepared import PreparedQuery, instances

MOST_COURSES = 32  # snapshots in memory at a time; the least recently used one is dropped first
TRIES = 20


@dataclass(frozen=True, eq=False)
class Part[T]:
    """A piece of every snapshot. `read` takes a course's id and returns a value that nobody may change afterward."""

    name: str
    read: Callable[[int], T]


@dataclass(frozen=True)
class Snapshot:
    """Everything published of a course at one revision; `snapshot[PART]` is one piece of it."""

    course_id: int
    revision: str
    values: dict[Any, Any]

    def __getitem__[T](self, part: Part[T]) -> T:
        return cast("T", self.values[part])


@dataclass
class Pinned:
    """What one request has seen: the courses with their revisions, the snapshots it used, and its reader's enrollments.

    `enrollments` holds the rows of those that have not ended, by course, and `goals` those of the reader's weekly goals.
    """

    courses: tuple["CourseLine", ...]
    snapshots: dict[int, Snapshot]
    reader: int | None = None
    enrollments: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    goals: dict[int, tuple[Any, ...]] = field(default_factory=dict)


type ReaderId = Callable[[], int | None]


@dataclass(frozen=True)
class CourseLine:
    """A course, its current revision, and who sees it."""

    id: int
    revision: str
    slug: str
    title: str
    visibility: str


LINE = ("course_id", "token", "course__slug", "course__title", "course__visibility")
ENROLLMENT_FIELDS = tuple(field.attname for field in Enrollment._meta.concrete_fields)
ROLE = ENROLLMENT_FIELDS.index("role")
GOAL_FIELDS = tuple(field.attname for field in StudyGoal._meta.concrete_fields)
OF_GOAL = len(LINE) + len(ENROLLMENT_FIELDS)


def lines_of_reader(user_id: int) -> QuerySet[Revision, Any]:
    """Return every course, joined with this person's enrollment if it has not ended (`mine`), and their goal (`goal`)."""
    active = Q(course__enrollments__user_id=user_id, course__enrollments__unenrolled_at=None)
    rows = Revision.objects.annotate(
        mine=FilteredRelation("course__enrollments", condition=active),
        goal=FilteredRelation("course__study_goals", condition=Q(course__study_goals__user_id=user_id)),
    )
    columns = (*(f"mine__{name}" for name in ENROLLMENT_FIELDS), *(f"goal__{name}" for name in GOAL_FIELDS))
    return rows.order_by("course__title", "course").values_list(*LINE, *columns)


LINES = PreparedQuery(lambda: Revision.objects.order_by("course__title", "course").values_list(*LINE))
LINES_OF_READER = PreparedQuery(lines_of_reader, user_id=int)
LINE_OF_READER = PreparedQuery(
    lambda user_id, course_id: lines_of_reader(user_id).filter(course=course_id), user_id=int, course_id=int
)
VISIBILITY = PreparedQuery(
    lambda course_id: Course.objects.filter(pk=course_id).values_list("visibility"), course_id=int
)
ENROLLMENT = PreparedQuery(
    lambda user_id, course_id: Enrollment.objects.filter(
        user_id=user_id, course_id=course_id, unenrolled_at=None
    ).values_list(*ENROLLMENT_FIELDS),
    user_id=int,
    course_id=int,
)
_pinned: ContextVar["list[Pinned] | None"] = ContextVar("pinned", default=None)
_reader: ContextVar[ReaderId | None] = ContextVar("reader", default=None)
_parts: list[Part[Any]] = []
_kept: dict[int, Snapshot] = {}
_lock = RLock()


def part_of_snapshot[T](name: str, read: Callable[[int], T]) -> Part[T]:
    """Declare a piece of every snapshot. Call this once, when the app's module is imported."""
    part = Part(name, read)
    _parts.append(part)
    return part


@contextmanager
def one_revision(reader: ReaderId | None = None) -> Iterator[None]:
    """Let everything inside see one revision of each course, the one that is current when it is first asked for.

    The query that reads the revisions also reads the enrollments of the `reader`, whose id is asked for then. For
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


def enrollment_seen(user_id: int, course_id: int) -> Enrollment | None:
    """Return this person's enrollment if it has not ended. Runs no query for the reader of a request that was pinned."""
    seen = _seen() if _reader.get() and _pinned.get() is not None else None
    if seen is None or seen.reader != user_id:
        rows = ENROLLMENT(user_id=user_id, course_id=course_id)
    else:
        rows = [seen.enrollments[course_id]] if course_id in seen.enrollments else []
    return next(iter(instances(Enrollment, rows, ENROLLMENT_FIELDS)), None)


def goal_seen(user_id: int, course_id: int) -> StudyGoal | None:
    """Return this person's weekly goal in a course. Runs no query for the reader of a request that was pinned."""
    seen = _seen() if _pinned.get() is not None else None
    if seen is None or seen.reader != user_id:
        return StudyGoal.objects.filter(user=user_id, course=course_id).first()
    rows = [seen.goals[course_id]] if course_id in seen.goals else []
    return next(iter(instances(StudyGoal, rows, GOAL_FIELDS)), None)


def lines_with_roles(user_id: int | None) -> list[tuple[CourseLine, str | None]]:
    """Return every course by title, with this person's role in it, None without an enrollment that has not ended.

    Runs at most one query, and none for the reader of a request that was pinned.
    """
    seen = _seen() if _pinned.get() is not None else None
    if seen is None or seen.reader != user_id:
        seen = _seen_by(user_id)
    mine = seen.enrollments
    return [(line, mine[line.id][ROLE] if line.id in mine else None) for line in seen.courses]


def visibility_and_enrollment(user_id: int | None, course_id: int) -> tuple[str, Enrollment | None]:
    """Return a course's visibility ("" for an unknown course) and this person's enrollment if it has not ended.

    Runs one query, and none for the reader of a request that was pinned.
    """
    if _pinned.get() is not None:
        line = next((line for line in _seen().courses if line.id == course_id), None)
        return (line.visibility if line else ""), None if user_id is None else enrollment_seen(user_id, course_id)
    if user_id is None:
        return next((row[0] for row in VISIBILITY(course_id=course_id)), ""), None
    seen = _pinned_from(LINE_OF_READER(user_id=user_id, course_id=course_id), user_id)
    if not seen.courses:
        return "", None
    mine = [seen.enrollments[course_id]] if seen.enrollments else []
    return seen.courses[0].visibility, next(iter(instances(Enrollment, mine, ENROLLMENT_FIELDS)), None)


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


def _pinned_from(rows: list[tuple[Any, ...]], reader: int | None) -> Pinned:
    size = len(LINE)
    mine = {row[0]: row[size:OF_GOAL] for row in rows if row[size:] and row[size] is not None}
    goals = {row[0]: row[OF_GOAL:] for row in rows if row[OF_GOAL:] and row[OF_GOAL] is not None}
    lines = [CourseLine(*row[:size]) for row in rows]
    return Pinned(tuple(lines), {}, reader, mine, goals)


def revision_of(course_id: int) -> str:
    """Return the course's current revision, or "" if the course does not exist. Runs one query."""
    return Revision.objects.filter(course_id=course_id).values_list("token", flat=True).first() or ""


def snapshot_at(course_id: int, revision: str) -> Snapshot:
    """Return the course as published at `revision`, or at a newer revision if one was published in between."""
    kept = _kept.get(course_id)
    if kept is not None and _is_current(kept, revision):
        return kept
    with _lock:
        kept = _kept.pop(course_id, None)
        if kept is None or not _is_current(kept, revision):
            kept = _read(course_id)
        _kept[course_id] = kept
        while len(_kept) > MOST_COURSES:
            del _kept[next(iter(_kept))]
    return kept


def snapshot_in_memory(course_id: int) -> Snapshot | None:
    """Return the newest snapshot of the course in this process, of whatever revision. Runs no query.

    Only for what is asked for again under a lock.
    """
    kept = _kept.get(course_id)
    return kept if kept is not None and _is_current(kept, kept.revision) else None


def forget_snapshots() -> None:
    """Drop all snapshots from this process's memory."""
    with _lock:
        _kept.clear()


def _is_current(kept: Snapshot, revision: str) -> bool:
    return kept.revision == revision and len(kept.values) == len(_parts)


def _read(course_id: int) -> Snapshot:
    """Read every part, and again if the course was published in between, so that no snapshot mixes two revisions."""
    for _ in range(TRIES):
        revision = revision_of(course_id)
        values = {part: part.read(course_id) for part in _parts}
        if revision_of(course_id) == revision:
            return Snapshot(course_id, revision, values)
    raise RuntimeError(f"course {course_id} was published {TRIES} times while it was read")
