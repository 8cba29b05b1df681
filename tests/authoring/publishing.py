"""Publish in tests with whatever effects an edit has, as somebody does who read its plan and confirmed it."""

from datetime import datetime
from typing import Any

from authoring.folder import FolderText
from authoring.services import CourseEdit, Publication, edit_files, publish
from tests import factories as make


def confirm(edit: CourseEdit, now: datetime = make.NOW) -> Publication:
    """Publish an edit and confirm its effects, or return its mistakes."""
    done = publish(edit=edit, now=now)
    return done if done.is_written or done.mistakes else publish(edit=edit, confirmed=done.digest, now=now)


def load_text(text: FolderText, *, now: datetime = make.NOW, **options: Any) -> Publication:
    """Load a course without mistakes, as an operator who agrees to everything."""
    assert text.mistakes == ()
    return confirm(CourseEdit(text, **options), now)


def edit_course(course: Any, files: Any, editor: Any, *, now: datetime = make.NOW) -> Publication:
    """Replace files of a course on the site."""
    return confirm(edit_files(course=course, files=files, editor=editor), now)
