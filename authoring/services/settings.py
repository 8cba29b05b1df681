"""Read, change and undo the settings that decide grades: the policy of a course, and the settings of one assessment.

They are part of the course's texts. Whoever changes a text on the site publishes it by `publish_texts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from authoring.folder import Mistake, Path, read_document, settings_said, with_settings
from authoring.refusals import Refusal
from authoring.services.course_folder import Accept, CourseEdit, Load, editable_texts, read_edit, write_edit
from authoring.services.late_policies import HEAD, late_places
from course.selectors import text_versions
from course.services import text_digest
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course


@dataclass(frozen=True)
class SettingsPlace:
    """Where the settings of a course or of one assessment are written. `kind` is course, review or exam."""

    kind: str
    path: str
    place: Path


@dataclass(frozen=True)
class PublishedSettings:
    """The settings that a published text says, by name. `before` is the text that its last publication replaced."""

    at: SettingsPlace
    text: str
    said: Mapping[str, object]
    before: str | None

    @property
    def version(self) -> str:
        return text_digest(self.text)


def settings_place(*, course_id: int, assessment_id: str = "") -> SettingsPlace:
    """Return the place of the grading policy, or of the settings of one assessment. Raises Refusal not_found."""
    if not assessment_id:
        return SettingsPlace("course", HEAD, ())
    places = late_places(course_id=course_id)
    at = next((each for each in places if (each.kind, each.activity) == ("assessment", assessment_id)), None)
    if at is None:
        raise Refusal("not_found")
    return SettingsPlace("review" if at.place else "exam", at.path, at.place)


def published_settings(*, course_id: int, assessment_id: str = "") -> PublishedSettings:
    """Return what is published now. Raises Refusal not_found."""
    at = settings_place(course_id=course_id, assessment_id=assessment_id)
    text = editable_texts(course_id=course_id).get(at.path, "")
    said = settings_said(at.kind, read_document(text).data, at.place)
    return PublishedSettings(at, text, said, text_before(course_id=course_id, path=at.path, text=text))


def text_before(*, course_id: int, path: str, text: str) -> str | None:
    """Return the text that the last publication on this site replaced, if nothing has replaced its own since.

    A text that the publication added replaced none.
    """
    newest = list(text_versions(course_id, path)[:2])
    return newest[1].text or None if len(newest) > 1 and newest[0].text == text else None


def settings_changed(*, course: "Course", found: PublishedSettings, changes: Mapping[str, object]) -> CourseEdit:
    """Return the edit that gives the settings these values, by name. None removes a setting.

    Raises Refusal settings_unfit, settings_stale.
    """
    text = with_settings(found.text, found.at.place, changes)
    if text is None:
        raise Refusal("settings_unfit", path=found.at.path)
    return read_edit(course_id=course.pk, files={found.at.path: text}, based_on={found.at.path: found.text})


def settings_undone(*, course: "Course", found: PublishedSettings) -> CourseEdit:
    """Return the edit that restores what the last publication on this site replaced.

    Raises Refusal nothing_to_undo, settings_stale.
    """
    if found.before is None:
        raise Refusal("nothing_to_undo")
    return read_edit(course_id=course.pk, files={found.at.path: found.before}, based_on={found.at.path: found.text})


def publish_texts(
    *,
    course: "Course",
    edits: Mapping[str, str],
    based_on: Mapping[str, str],
    editor: "User",
    reason: str,
    accept: Accept,
    now: datetime,
    question: str = "",
) -> Load | tuple[Mistake, ...]:
    """Replace texts of a course as `publish_edit` does. `based_on` is, by path, the text from which each was made.

    Call it outside a transaction. Raises Refusal settings_stale, course_archived.
    """
    edit = read_edit(course_id=course.pk, files=edits, based_on=based_on)
    return publish_edit(
        course=course, edit=edit, editor=editor, reason=reason, accept=accept, now=now, question=question
    )


def publish_edit(
    *,
    course: "Course",
    edit: CourseEdit,
    editor: "User",
    reason: str,
    accept: Accept,
    now: datetime,
    question: str = "",
) -> Load | tuple[Mistake, ...]:
    """Write an edit if `accept` agrees to the grades that it moves (D23), and record each text that differs in the audit.

    `question` names the edited one. Returns the mistakes of a text that cannot be published. Raises Refusal
    settings_stale, course_archived.
    """
    changed = [path for path, text in edit.files.items() if edit.exported.get(path) != str(text).encode()]

    def record(done: Load) -> None:
        for path in changed:
            record_audit(
                actor=editor,
                action="edit_text",
                now=now,
                course=course,
                target=f"file:{path}",
                reason=reason,
                details={"moved_grades": len(done.movements)} | ({"question": question} if question else {}),
            )

    return write_edit(edit=edit, editor=editor, accept=accept, now=now, record=record)
