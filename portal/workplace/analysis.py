"""What the records say of the questions themselves: as last computed, with its age."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from course.rules.refusals import Refusal
from portal.workplace.gate import for_instructors, page
from quizzes.models import Analysis, Assessment, Question
from quizzes.selectors import analyses_of, analysis_of, assessment_by_id, assessment_of, assessments_of, questions_by_id
from quizzes.services import request_analysis


@dataclass(frozen=True)
class Entry:
    """A question and its figures; `item` is as `quizzes.services.compute_analysis` stored it."""

    question: Question
    item: dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """An assessment with the figures of its questions, suspect ones first; no `analysis` before the first time."""

    assessment: Assessment
    analysis: Analysis | None
    entries: tuple[Entry, ...]

    @property
    def is_waiting(self) -> bool:
        """Asked for, and not there yet."""
        found = self.analysis
        return found is not None and (found.computed_at is None or found.computed_at < found.requested_at)

    @property
    def measured(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.item.get("discrimination") is not None]


@require_safe
@for_instructors
def analysis(request: HttpRequest, course: Any) -> HttpResponse:
    """Every assessment of the course, one of them opened."""
    assessments = assessments_of(course.pk)
    asked = request.GET.get("assessment", "")
    shown = next((found for found in assessments if found.pk == asked), assessments[0] if assessments else None)
    found = analyses_of(course.pk)
    return page(
        request,
        course,
        "analysis",
        section="analysis",
        title=_("Questions"),
        assessments=assessments,
        sheet=sheet_of(shown, found.get(shown.pk)) if shown else None,
    )


def sheet_of(assessment: Assessment, found: Analysis | None) -> Sheet:
    questions = questions_by_id(assessment)
    items = found.facts.get("items", []) if found else []
    entries = [Entry(questions[item["question"]], item) for item in items if item["question"] in questions]
    entries.sort(key=lambda entry: not entry.item.get("suspicion"))
    return Sheet(assessment, found, tuple(entries))


@require_safe
@for_instructors
def question_analysis(request: HttpRequest, course: Any, question_id: str) -> HttpResponse:
    """One question: its prompt, its figures, and what was answered."""
    assessment = assessment_in(course, assessment_of(question_id))
    sheet = sheet_of(assessment, analysis_of(assessment))
    question = questions_by_id(assessment)[question_id]
    entry = next((found for found in sheet.entries if found.question.pk == question_id), Entry(question, {}))
    return page(
        request, course, "question", section="analysis", title=question.key, sheet=sheet, entry=entry, question=question
    )


@require_POST
@for_instructors
def compute_now(request: HttpRequest, course: Any, assessment_id: str) -> HttpResponse:
    assessment = assessment_in(course, assessment_by_id(assessment_id))
    request_analysis(assessment=assessment, now=request.now)
    messages.success(request, _("Asked for. The figures come as soon as a worker is free; load the page again then."))
    return redirect(f"{reverse('analysis', args=[course.slug])}?assessment={assessment.pk}")


def assessment_in(course: Any, found: Assessment) -> Assessment:
    """Refusal not_found for another course's."""
    if found.course_id != course.pk:
        raise Refusal("not_found")
    return found
