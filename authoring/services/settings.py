"""Read, change and undo the settings that decide grades: the policy of a course, and the settings of one assessment.

They are part of the course's texts, so a change of them is an edit of a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from authoring.folder import Path, read_document, settings_in, with_settings
from authoring.refusals import Refusal
from authoring.services.course_edits import CourseEdit, edit_texts
from authoring.services.course_folder import editable_texts
from authoring.services.late_policies import HEAD, place_of_assessment
from course.selectors import text_versions
from course.services import text_digest

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course


@dataclass(frozen=True)
class SettingsPlace:
    """Where the settings of a course or of one assessment are written. `kind` is course, review or exam."""

    kind: str
    path: str
    keys: Path


@dataclass(frozen=True)
class PublishedSettings:
    """The settings that a published text says, by name. `before` is the text that its last publication replaced."""

    at: SettingsPlace
    text: str
    values: Mapping[str, object]
    before: str | None

    @property
    def version(self) -> str:
        return text_digest(self.text)


def settings_place(*, course_id: int, assessment_id: str = "") -> SettingsPlace:
    """Return the place of the grading policy, or of the settings of one assessment. Raises Refusal not_found."""
    if not assessment_id:
        return SettingsPlace("course", HEAD, ())
    at = place_of_assessment(course_id=course_id, assessment_id=assessment_id)
    return SettingsPlace("review" if at.keys else "exam", at.path, at.keys)


def published_settings(*, course_id: int, assessment_id: str = "") -> PublishedSettings:
    """Return what is published now. Raises Refusal not_found."""
    at = settings_place(course_id=course_id, assessment_id=assessment_id)
    text = editable_texts(course_id=course_id).get(at.path, "")
    values = settings_in(at.kind, read_document(text).data, at.keys)
    return PublishedSettings(at, text, values, text_before(course_id=course_id, path=at.path, text=text))


def text_before(*, course_id: int, path: str, text: str) -> str | None:
    """Return the text that the last publication on this site replaced, if nothing has replaced its own since.

    A text that the publication added replaced none.
    """
    newest = list(text_versions(course_id, path)[:2])
    return newest[1].text or None if len(newest) > 1 and newest[0].text == text else None


def settings_changed(
    *, course: "Course", settings: PublishedSettings, changes: Mapping[str, object], editor: "User", reason: str
) -> CourseEdit:
    """Return the edit that gives the settings these values, by name. None removes a setting.

    Raises Refusal settings_unfit, settings_stale.
    """
    text = with_settings(settings.text, settings.at.keys, changes)
    if text is None:
        raise Refusal("settings_unfit", path=settings.at.path)
    return _replaced(course, settings, text, editor, reason)


def settings_undone(*, course: "Course", settings: PublishedSettings, editor: "User", reason: str) -> CourseEdit:
    """Return the edit that restores what the last publication on this site replaced.

    Raises Refusal nothing_to_undo, settings_stale.
    """
    if settings.before is None:
        raise Refusal("nothing_to_undo")
    return _replaced(course, settings, settings.before, editor, reason)


def _replaced(course: "Course", settings: PublishedSettings, text: str, editor: "User", reason: str) -> CourseEdit:
    path = settings.at.path
    return edit_texts(course=course, texts={path: text}, based_on={path: settings.text}, editor=editor, reason=reason)
