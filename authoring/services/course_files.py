"""Figures, data and programs of a course: list them, put files in their places, remove them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from authoring.folder import is_drawn, is_file_folder, is_output, lab_folder
from authoring.folder.captions import END as CAPTIONS
from authoring.folder.captions import read_captions
from authoring.refusals import Refusal
from authoring.services.course_edits import AuditLine, edit_files
from authoring.services.course_folder import is_editable
from authoring.services.pictures import refuse_unfit_pictures
from authoring.services.publishing import Publication, publish
from authoring.services.publishing_gate import Effects, lowered_words
from course.selectors import other_files, text_draft_of
from course.services import begin_text_draft, text_digest
from labs.rules.files import LARGEST, refuse_name, shown_size

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

AT_THE_GATE = {
    *("files_move_grades", "files_lower_points", "needs_instructor"),
    *("lab_untried", "lab_trial_failed", "lab_runner_missing", "tryout_running"),
}
MOST_IN_ALL = 100 << 20  # bytes of a course's files, which every check of the course reads


@dataclass(frozen=True)
class StoredFile:
    """A file that has no page; `is_editable` says whether the editor opens it."""

    path: str
    size: int
    is_editable: bool


def stored_files(*, course_id: int) -> list[StoredFile]:
    """Return the course's figures, data and programs by path, without what its listings and functions returned.

    Runs one query.
    """
    kept = other_files(course_id).items()
    files = {path: content for path, content in kept if not (is_output(path) or is_drawn(path))}
    return [StoredFile(path, len(content), is_editable(path, content)) for path, content in sorted(files.items())]


def change_files(
    *,
    course: "Course",
    folder: str,
    added: Mapping[str, bytes],
    removed: Collection[str],
    author: "User",
    reason: str,
    confirmed: str,
    now: datetime,
) -> Publication:
    """Put files into a folder of the course and remove others, all or nothing, as `publish` does.

    If programs that judge are refused at the gate, the author's texts among the files are kept as drafts. Raises Refusal
    folder_unfit, file_name_unfit, file_too_large, picture_unfit, captions_unfit, course_files_full, draft_in_the_way,
    files_move_grades, files_lower_points, not_found, and those of `publish`.
    """
    stored = other_files(course.pk)
    if any(path not in stored for path in removed):
        raise Refusal("not_found")
    _refuse_unfit(folder, added)
    refuse_unfit_pictures(added)
    _refuse_unfit_captions(added)
    new = {f"{folder}/{name}": content for name, content in added.items()}
    left = {path: content for path, content in (stored | new).items() if path not in removed}
    if sum(map(len, left.values())) > max(MOST_IN_ALL, sum(map(len, stored.values()))):
        raise Refusal("course_files_full", most=shown_size(MOST_IN_ALL))
    written = {path: content.decode() if is_editable(path, content) else content for path, content in new.items()}
    files: dict[str, str | bytes | None] = {**dict.fromkeys(removed), **written}
    details = {"files": ", ".join(new), "removed": ", ".join(removed)}
    line = AuditLine("change_files", f"course:{course.slug}", reason, details)
    is_lab = bool(added) and lab_folder(f"{folder}/file") == folder
    drafts = {path: text for path, text in written.items() if is_lab and isinstance(text, str)}
    _refuse_other_drafts(course, drafts, author)
    edit = edit_files(course=course, files=files, editor=author, audit=(line,))
    try:
        done = publish(edit=edit, confirmed=confirmed, now=now)
        if not done.is_written:
            _refuse_unconfirmed(done.effects, drafts)
    except Refusal as refusal:
        if refusal.code in AT_THE_GATE:
            _keep_as_drafts(course, drafts, edit.exported, author, now)
        raise
    return done


def _refuse_unconfirmed(effects: Effects, drafts: Mapping[str, str]) -> None:
    """Refuse what nobody can confirm beside the files: grades that move, and files that a browser would not send again.

    Raises Refusal files_move_grades, files_lower_points.
    """
    if effects.movements:
        raise Refusal("files_move_grades")
    if effects.lowered and drafts:
        raise Refusal("files_lower_points", lowered=lowered_words(effects.lowered))


def _refuse_unfit(folder: str, added: Mapping[str, bytes]) -> None:
    """Raise Refusal file_name_unfit, file_too_large, folder_unfit."""
    for name, content in added.items():
        refuse_name(name)
        if len(content) > LARGEST:
            raise Refusal("file_too_large", most=shown_size(LARGEST))
    if added and not is_file_folder(folder):
        raise Refusal("folder_unfit", folder=folder)


def _refuse_unfit_captions(added: Mapping[str, bytes]) -> None:
    """Raise Refusal captions_unfit if a file is not the WebVTT that its name says."""
    for name, content in added.items():
        if name.lower().endswith(CAPTIONS):
            for fault in read_captions(content).faults:
                raise Refusal("captions_unfit", name=name, line=fault.line, problem=fault.text)


def _refuse_other_drafts(course: "Course", texts: Mapping[str, str], author: "User") -> None:
    """Refuse to replace what the author has drafted. Raises Refusal draft_in_the_way."""
    for path, text in texts.items():
        draft = text_draft_of(author.pk, course.pk, path, "")
        if draft is not None and draft.text not in (None, text):
            raise Refusal("draft_in_the_way", path=path)


def _keep_as_drafts(
    course: "Course", texts: Mapping[str, str], published: Mapping[str, bytes], author: "User", now: datetime
) -> None:
    """Save what differs from the published texts as the author's drafts."""
    for path, text in texts.items():
        before = published.get(path, b"").decode()
        if text != before:
            begin_text_draft(
                user=author,
                course_id=course.pk,
                path=path,
                key="",
                text=text,
                digest=text_digest(before),
                now=now,
            )
