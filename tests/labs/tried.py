"""Let labs pass their trials in tests that are not about the trials, which take seconds each."""

from typing import Any

from authoring.folder import FolderText
from authoring.services import edit_files, labs_to_try
from labs.services import record_passed
from tests import factories as make


def let_pass(text: FolderText) -> FolderText:
    """Record that the labs of this course passed their trials."""
    for lab in labs_to_try(text):
        record_passed(digest=lab.tried, now=make.NOW)
    return text


def let_edits_pass(course: Any, edits: dict[str, Any]) -> None:
    let_pass(edit_files(course=course, files=edits, editor=make.make_user()).text)
