"""Read, change and undo the settings that decide grades: the policy of a course, and the settings of one assessment.

They are part of the course's texts, so a change of them is an edit of a text.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from authoring.folder import Path, read_document, settings_in, with_settings
from authoring.refusals import Refusal
from authoring.services.course_edits import CourseEdit, edit_texts
from authoring.services.course_folder import editable_texts
from authoring.services.late_policies import HEAD, place_of_assessment
from authoring.services.undone_policies import UndonePublication
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
class LastPublication:
    """The last publication of a text that can be undone: the text that it replaced, and when."""

    before: str
    published_at: datetime


@dataclass(frozen=True)
class PublishedSettings:
    """The settings that a published text says, by name. `last` is the publication that can be undone."""

    at: SettingsPlace
    text: str
    values: Mapping[str, object]
    last: LastPublication | None

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
    return PublishedSettings(at, text, values, last_publication(course_id=course_id, path=at.path, text=text))


def last_publication(*, course_id: int, path: str, text: str) -> LastPublication | None:
    """Return the last publication of a text on this site, if nothing has replaced its text since.

    A publication that added the text did not replace one, so it cannot be undone.
    """
    newest = list(text_versions(course_id, path)[:2])
    if len(newest) < 2 or newest[0].text != text or not newest[1].text:
        return None
    return LastPublication(newest[1].text, newest[0].created_at)


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


def settings_undone(
    *,
    course: "Course",
    settings: PublishedSettings,
    editor: "User",
    reason: str,
    revoked: Collection[str] = (),
) -> CourseEdit:
    """Return the edit that restores what the last publication on this site replaced.

    It revokes the certificates with these codes, which that publication issued. Raises Refusal nothing_to_undo,
    settings_stale.
    """
    if settings.last is None:
        raise Refusal("nothing_to_undo")
    edit = _replaced(course, settings, settings.last.before, editor, reason)
    return replace(edit, undo=UndonePublication(settings.last.published_at, frozenset(revoked), reason))


def _replaced(course: "Course", settings: PublishedSettings, text: str, editor: "User", reason: str) -> CourseEdit:
    path = settings.at.path
    return edit_texts(course=course, texts={path: text}, based_on={path: settings.text}, editor=editor, reason=reason)
