"""Figures, data and programs of a course: list them, put files in their places, remove them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from course.selectors import other_files
from course.services import record_audit
from labs.rules.files import LARGEST, refuse_name, shown_size
from portal.authoring.folder import Mistake, is_file_folder
from portal.authoring.services.course_folder import Load, edit_course, is_editable
from portal.refusals import Refusal

if TYPE_CHECKING:
    from course.models import Course, User

MOST_IN_ALL = 100 << 20  # bytes of a course's files, which every check of the course reads


@dataclass(frozen=True)
class StoredFile:
    """A file that has no page; `is_editable` says whether the editor opens it."""

    path: str
    size: int
    is_editable: bool


def stored_files(*, course_id: int) -> list[StoredFile]:
    """Return the course's figures, data and programs by path. Runs one query."""
    files = other_files(course_id)
    return [StoredFile(path, len(content), is_editable(path, content)) for path, content in sorted(files.items())]


def change_files(
    *,
    course: "Course",
    folder: str,
    added: Mapping[str, bytes],
    removed: Collection[str],
    author: "User",
    reason: str,
    now: datetime,
) -> tuple[Mistake, ...]:
    """Put files into a folder of the course and remove others, all or nothing. Return the mistakes that prevent it.

    Raises Refusal folder_unfit, file_name_unfit, file_too_large, course_files_full, files_move_grades, settings_stale,
    not_found.
    """
    stored = other_files(course.pk)
    if any(path not in stored for path in removed):
        raise Refusal("not_found")
    for name, content in added.items():
        refuse_name(name)
        if len(content) > LARGEST:
            raise Refusal("file_too_large", most=shown_size(LARGEST))
    if added and not is_file_folder(folder):
        raise Refusal("folder_unfit", folder=folder)
    new = {f"{folder}/{name}": content for name, content in added.items()}
    left = {path: content for path, content in (stored | new).items() if path not in removed}
    if sum(map(len, left.values())) > max(MOST_IN_ALL, sum(map(len, stored.values()))):
        raise Refusal("course_files_full", most=shown_size(MOST_IN_ALL))
    written = {path: content.decode() if is_editable(path, content) else content for path, content in new.items()}
    edits: dict[str, str | bytes | None] = {**dict.fromkeys(removed), **written}

    def record(_done: Load) -> None:
        record_audit(
            actor=author,
            action="change_files",
            now=now,
            course=course,
            target=f"course:{course.slug}",
            reason=reason,
            details={"files": ", ".join(new), "removed": ", ".join(removed)},
        )

    done = edit_course(
        course_id=course.pk, edits=edits, editor_id=author.pk, accept=lambda moved: not moved, now=now, record=record
    )
    if isinstance(done, tuple):
        return done
    if not done.is_written:
        raise Refusal("files_move_grades")
    return ()
