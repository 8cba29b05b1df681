"""Warn instructors, beside the settings that decide it, of exams whose keys throwaway accounts could read (D33)."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

from authoring.folder import value_at
from authoring.services import drafted_exposure, exams_by_exposure, in_quotes
from course.rules.joining import way_once_shown
from quizzes.models import Assessment

if TYPE_CHECKING:
    from course.models import Course


def exposed_exams(request: HttpRequest, course: "Course", *, show: object = None, joins_by: str = "") -> str:
    """Return the exams of the course whose keys are exposed, in quotes; "" for none.

    `show` is what a draft of course.yaml says. `joins_by` is the way to join, if it is not that of the course.
    """
    way = joins_by or way_once_shown(course.way_to_join, course.visibility)
    return in_quotes(exams_by_exposure(course=course, joins_by=way, now=request.now, show=show)["exposed"])


def exposed_exam(request: HttpRequest, course: "Course", written: object, exam: Assessment | None) -> str:
    """Return the title of an exam, in quotes, if its keys are exposed as its text or draft has it; "" otherwise."""
    way = way_once_shown(course.way_to_join, course.visibility)
    exposure = drafted_exposure(course=course, written=written, exam=exam, joins_by=way, now=request.now)
    return in_quotes([str(value_at(written, ("title",)))]) if exposure == "exposed" else ""
