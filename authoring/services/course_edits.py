"""Edits of a course: the course that each one makes, who publishes it, and the lines that the audit gets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from authoring.folder import FolderText, Mistake, completed_orders, read_document
from authoring.refusals import Refusal
from authoring.services.course_folder import export_course, is_editable, read_folder
from authoring.services.undone_policies import UndonePublication
from course.rules.changes import Writer

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

HEAD = "course.yaml"

type Replacements = Mapping[str, str | bytes | None]  # by path; None removes a file


@dataclass(frozen=True)
class AuditLine:
    """What the audit says about a publication. `details` get the number of grades that moved, as `moved_grades`."""

    action: str
    target: str = ""
    reason: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class CourseEdit:
    """A course to publish, which `text` describes.

    On the site, an `editor` replaces `files` of a `course`, whose folder was `exported` when the edit was read. Operators
    publish a whole folder, with None as the editor, and may `overwrite` what was edited on the site. So is a copy of the
    course `source_id` published. `undo` names the publication that the edit undoes, if it does.
    """

    text: FolderText
    folder: str = ""
    overwrite: bool = False
    source_id: int | None = None
    editor: "User | None" = None
    course: "Course | None" = None
    files: Replacements = field(default_factory=dict)
    exported: Mapping[str, bytes] = field(default_factory=dict)
    audit: tuple[AuditLine, ...] = ()
    undo: UndonePublication | None = None

    def writer(self, now: datetime) -> Writer:
        """Return who writes. What a person replaces on the site is marked as edited."""
        if self.editor is None:
            return Writer(overwrite=self.overwrite)
        return Writer(edited_at=now, edited_by_id=self.editor.pk)

    def replaced_texts(self) -> Iterator[tuple[str, str, str]]:
        """Yield the path of each text that differs, with the text before and after, "" for none."""
        for path, after in self.files.items():
            before = self.exported.get(path, b"")
            text = before.decode() if is_editable(path, before) else ""
            if not isinstance(after, bytes) and text != (after or ""):
                yield path, text, after or ""

    def refuse_stale(self) -> None:
        """Refuse if anything was published since the edit was read. Call it under the course's lock.

        Raises Refusal settings_stale.
        """
        if self.course is not None and export_course(course_id=self.course.pk) != self.exported:
            raise Refusal("settings_stale")


def edit_files(
    *,
    course: "Course",
    files: Replacements,
    editor: "User",
    based_on: Mapping[str, str] | None = None,
    audit: tuple[AuditLine, ...] = (),
) -> CourseEdit:
    """Return the edit that replaces these files. Reading a whole course takes seconds, so do it before a transaction.

    `based_on` is, by path, the text from which a file was made, "" for none. A list of the author's order gets what is
    new, and loses what goes, if the edit does not replace the list itself. Raises Refusal settings_stale if the course
    has another text by now.
    """
    exported = export_course(course_id=course.pk)
    if any(exported.get(path, b"") != text.encode() for path, text in (based_on or {}).items()):
        raise Refusal("settings_stale")
    merged = _merged(exported, files)
    completed = {path: text for path, text in completed_orders(exported, merged).items() if path not in files}
    text = _read_for(course, _merged(merged, completed))
    return CourseEdit(text, editor=editor, course=course, files={**files, **completed}, exported=exported, audit=audit)


def _merged(before: Mapping[str, bytes], files: Replacements) -> dict[str, bytes]:
    written = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    return {path: content for path, content in ({**before, **written}).items() if content is not None}


def _read_for(course: "Course", files: Mapping[str, bytes]) -> FolderText:
    """Return the course that these files make. Another slug is a mistake, because it belongs to another course."""
    text = read_folder(files)
    if text.course is None or text.course.slug == course.slug:
        return text
    line = read_document(files[HEAD].decode()).line(("slug",))
    mistake = Mistake(HEAD, line, f"the slug of a course cannot change. Write “{course.slug}”.", ("slug",))
    return replace(text, mistakes=(mistake, *text.mistakes))


def edit_texts(
    *,
    course: "Course",
    texts: Mapping[str, str],
    based_on: Mapping[str, str],
    editor: "User",
    reason: str,
    question: str = "",
) -> CourseEdit:
    """Return the edit that replaces these texts, each of which the audit names. `question` names the edited one.

    Raises Refusal settings_stale, as `edit_files` does.
    """
    edit = edit_files(course=course, files=texts, editor=editor, based_on=based_on)
    details: dict[str, object] = {"moved_grades": 0, **({"question": question} if question else {})}
    return replace(
        edit,
        audit=tuple(
            AuditLine("edit_text", f"file:{path}", reason, details)
            for path, text in texts.items()
            if edit.exported.get(path) != text.encode()
        ),
    )
