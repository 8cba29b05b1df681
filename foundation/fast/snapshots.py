"""Values that each process keeps in memory and shares between requests: one for each course, at one revision.

What a snapshot holds is declared by those who read it (`course.selectors.snapshots.part_of_snapshot`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock
from typing import Any, cast

from foundation.fast.pieces import ON

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


class SnapshotMemory:
    """The snapshots of this process. `revision_of` reads a course's current revision, "" for an unknown course."""

    def __init__(self, revision_of: Callable[[int], str]) -> None:
        self.revision_of = revision_of
        self.parts: list[Part[Any]] = []
        self.kept: dict[int, Snapshot] = {}
        self._lock = RLock()

    def part[T](self, name: str, read: Callable[[int], T]) -> Part[T]:
        """Declare a piece of every snapshot. Call this once, when the app's module is imported."""
        part = Part(name, read)
        self.parts.append(part)
        return part

    def snapshot_at(self, course_id: int, revision: str) -> Snapshot:
        """Return the course as published at `revision`, or at a newer revision if one was published in between."""
        if not ON.snapshots:
            return self._read(course_id)
        kept = self.kept.get(course_id)
        if kept is not None and self._is_current(kept, revision):
            return kept
        with self._lock:
            kept = self.kept.pop(course_id, None)
            if kept is None or not self._is_current(kept, revision):
                kept = self._read(course_id)
            self.kept[course_id] = kept
            while len(self.kept) > MOST_COURSES:
                del self.kept[next(iter(self.kept))]
        return kept

    def in_memory(self, course_id: int) -> Snapshot | None:
        """Return the newest snapshot of the course in this process, of whatever revision. Runs no query.

        Only for what is asked for again under a lock.
        """
        kept = self.kept.get(course_id)
        is_known = ON.snapshots and kept is not None and self._is_current(kept, kept.revision)
        return kept if is_known else None

    def forget(self) -> None:
        """Drop all snapshots from this process's memory."""
        with self._lock:
            self.kept.clear()

    def _is_current(self, kept: Snapshot, revision: str) -> bool:
        return kept.revision == revision and len(kept.values) == len(self.parts)

    def _read(self, course_id: int) -> Snapshot:
        """Read every part, and again if the course was published in between, so that no snapshot mixes two revisions."""
        for _ in range(TRIES):
            revision = self.revision_of(course_id)
            values = {part: part.read(course_id) for part in self.parts}
            if self.revision_of(course_id) == revision:
                return Snapshot(course_id, revision, values)
        raise RuntimeError(f"course {course_id} was published {TRIES} times while it was read")
