"""Find the exams whose keys throwaway accounts can read on this site (D33)."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from authoring.folder import key_situation, read_document
from quizzes.models import Assessment
from quizzes.rules.disclosure import once_released
from quizzes.rules.exposure import KeyExposure, key_exposure
from quizzes.selectors import assessments_of, has_closed_for_all

if TYPE_CHECKING:
    from course.models import Course


def exams_by_exposure(
    *, course: "Course", joins_by: str, now: datetime, show: object = None
) -> dict[KeyExposure, list[str]]:
    """Return the titles of the course's exams by who can read their keys, if people join it like this.

    `show` is what a draft of course.yaml says instead of the published text.
    """
    head = read_document(course.source).data
    if show is not None and isinstance(head, dict):
        head = {**head, "show": show}
    titles: dict[KeyExposure, list[str]] = {"none": [], "chosen": [], "exposed": []}
    for exam in assessments_of(course.pk):
        if exam.kind == Assessment.Kind.EXAM:
            written = read_document(exam.source).data
            titles[exposure_here(head, written, joins_by=joins_by, exam=exam, now=now)].append(exam.title)
    return titles


def drafted_exposure(
    *, course: "Course", written: object, exam: Assessment | None, joins_by: str, now: datetime
) -> KeyExposure:
    """Return who can read the keys of one exam as a draft of its file has it. `exam` is None if it is new."""
    return exposure_here(read_document(course.source).data, written, joins_by=joins_by, exam=exam, now=now)


def exposure_here(
    course: object, written: object, *, joins_by: str, exam: Assessment | None, now: datetime
) -> KeyExposure:
    """Return who can read the keys of an exam on this site, from what course.yaml and the exam's file say."""
    situation = key_situation(course, written, joins_by=joins_by)._replace(is_sign_up_open=settings.SIGN_UP)
    if exam is not None and exam.released_at is not None:
        situation = situation._replace(policy=once_released(situation.policy, "exam"))
    if key_exposure(situation) != "none" and exam is not None and has_closed_for_all(exam, now):
        situation = situation._replace(is_over=True)  # asked last, because it takes queries
    return key_exposure(situation)


def in_quotes(titles: Iterable[str]) -> str:
    return ", ".join(f"“{title}”" for title in titles)
