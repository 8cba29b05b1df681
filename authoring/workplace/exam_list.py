"""The exams of a course, and its review questions, each with its dates and with what can be done about it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from authoring.folder import is_exam_counted, read_document
from authoring.workplace.new_exams import unpublished_exams
from people.gate import needs, workplace_page
from people.rules.roles import Permission
from quizzes.models import Assessment
from quizzes.selectors import assessments_of, files_by_assessment, running_by_assessment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from course.models import Course


@dataclass(frozen=True)
class ListedAssessment:
    """An assessment, the files of its questions, how many of them a learner gets, and how many sittings run now.

    `is_counted` is false for an exam that no category with a weight takes.
    """

    assessment: Assessment
    files: "Sequence[str]"
    size: int
    running: int = 0
    is_counted: bool = True


@require_safe
@needs(Permission.SEE_ANALYSIS)
def exam_list(request: HttpRequest, course: "Course") -> HttpResponse:
    files, running = files_by_assessment(course.pk), running_by_assessment(course.pk, request.now)
    policy = read_document(course.source).data if course.source else None
    listed = [
        ListedAssessment(
            assessment,
            tuple(files.get(assessment.pk, {})),
            size_of(assessment, sum(files.get(assessment.pk, {}).values())),
            running.get(assessment.pk, 0),
            assessment.kind != Assessment.Kind.EXAM or policy is None or is_exam_counted(policy, assessment.key),
        )
        for assessment in assessments_of(course.pk)
    ]
    return workplace_page(
        request,
        course,
        "authoring/exam_list.html",
        section="exams",
        title=_("Exams"),
        exams=[row for row in listed if row.assessment.kind == Assessment.Kind.EXAM],
        reviews=[row for row in listed if row.assessment.kind == Assessment.Kind.REVIEW],
        drafts=unpublished_exams(request, course) if Permission.CHANGE_POLICY in request.permissions else (),
    )


def size_of(assessment: Assessment, stored: int) -> int:
    """Return how many questions a learner gets: those of the draw, or all that are stored."""
    return sum(int(stratum["count"]) for stratum in assessment.draw) if assessment.draw else stored
