"""The question analysis, as last computed, with its time."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activities.registry import pages_of_failures
from foundation.numbers import number_in
from people.gate import choice, needs, page_of_rows, refuse_unless, workplace_page
from people.rules.roles import Permission
from people.selectors import group_names
from quizzes.models import Analysis, Assessment, Question, QuestionVersion
from quizzes.refusals import Refusal
from quizzes.selectors import (
    VariantUse,
    analyses_of,
    analysis_of,
    assessment_by_id,
    assessment_of,
    assessments_of,
    questions_by_id,
    sittings_with,
    suspected,
    variant_of,
    variants_given,
)
from quizzes.services import analysis_of_group, request_analysis

if TYPE_CHECKING:
    from course.models import Course


@dataclass(frozen=True)
class AnalyzedQuestion:
    """A question and its figures; `item` is as `quizzes.services.compute_analysis` stored it."""

    question: Question
    item: dict[str, Any]


@dataclass(frozen=True)
class AnalyzedAssessment:
    """An assessment with the figures of its questions, suspect ones first. No `analysis` before the first computation."""

    assessment: Assessment
    analysis: Analysis | None
    entries: tuple[AnalyzedQuestion, ...]

    @property
    def is_waiting(self) -> bool:
        """Return whether figures were requested and have not arrived yet."""
        analysis = self.analysis
        return analysis is not None and (analysis.computed_at is None or analysis.computed_at < analysis.requested_at)

    @property
    def measured(self) -> list[AnalyzedQuestion]:
        return [entry for entry in self.entries if entry.item.get("discrimination") is not None]


ROWS = 50  # sittings on a page
FIGURES = {  # the columns that sort the table, and the figure of each
    "asked": "asked",
    "right": "facility",
    "at_once": "facility_at_once",
    "discrimination": "discrimination",
    "attempts": "attempts",
    "time": "seconds",
}


@dataclass(frozen=True)
class FigureOrder:
    """The order of the table. Without `sort`, suspect questions come first, then the order of the assessment."""

    sort: str
    is_descending: bool

    def sorted(self, entries: tuple[AnalyzedQuestion, ...]) -> tuple[AnalyzedQuestion, ...]:
        """Return the questions sorted. Those without the figure come last in both directions."""
        if not self.sort:
            return entries
        if self.sort == "question":
            return tuple(sorted(entries, key=lambda entry: entry.question.key, reverse=self.is_descending))
        pairs = [(figure_of(entry, self.sort), entry) for entry in entries]
        known = [(figure, entry) for figure, entry in pairs if figure is not None]
        unknown = [entry for figure, entry in pairs if figure is None]
        known.sort(key=lambda pair: pair[0], reverse=self.is_descending)
        return (*(entry for _figure, entry in known), *unknown)


def figure_of(entry: AnalyzedQuestion, sort: str) -> float | None:
    """Return the figure as a number, for attempts their mean; None if it is missing."""
    figure: Any = entry.item.get(FIGURES[sort])
    if sort != "attempts":
        return figure
    total = sum(figure.values()) if figure else 0
    return sum(int(number) * count for number, count in figure.items()) / total if total else None


@require_safe
@needs(Permission.SEE_ANALYSIS, asks={"assessment", "sort", "down", "group"})
def analysis(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show every assessment of the course with the number of suspect keys, one of them opened; for one group or all."""
    groups = group_names(course)
    group = choice(request, "group", ("", *groups), "")
    assessments = assessments_of(course.pk)
    by_id = {assessment.pk: assessment for assessment in assessments}
    shown = by_id[choice(request, "assessment", by_id, assessments[0].pk)] if assessments else None
    analyses = analyses_of(course.pk)
    sort = choice(request, "sort", ("", "question", *FIGURES), "")
    order = FigureOrder(sort, is_descending=choice(request, "down", ("", "1"), "") == "1")
    suspects = {pk: len(list(suspected(figures))) for pk, figures in analyses.items()}
    figures = shown and analyses.get(shown.pk)
    if shown and group:
        figures = analysis_of_group(assessment=shown, group=group, now=request.now)
    analyzed = analyzed_assessment(shown, figures) if shown else None
    return workplace_page(
        request,
        course,
        "quizzes/workplace/analysis.html",
        section="analysis",
        title=_("Questions"),
        picks=[(assessment, suspects.get(assessment.pk, 0)) for assessment in assessments],
        analyzed=analyzed and replace(analyzed, entries=order.sorted(analyzed.entries)),
        search=order,
        groups=groups,
        group=group,
        labs=pages_of_failures(course),
    )


def analyzed_assessment(assessment: Assessment, analysis: Analysis | None) -> AnalyzedAssessment:
    questions = questions_by_id(assessment)
    items = analysis.facts.get("items", []) if analysis else []
    entries = [AnalyzedQuestion(questions[item["question"]], item) for item in items if item["question"] in questions]
    entries.sort(key=lambda entry: not entry.item.get("suspicion"))
    return AnalyzedAssessment(assessment, analysis, tuple(entries))


@dataclass(frozen=True)
class ComparedVariant:
    """A variant of a question, in how many sittings it is, and its figures if it is of the newest version."""

    use: VariantUse
    figures: dict[str, Any]


def compared_variants(question: Question, item: dict[str, Any]) -> list[ComparedVariant]:
    """Return the variants that learners have, to compare how hard they are. Runs one query, none for a fixed question."""
    if question.current is None or not question.current.variant:
        return []
    figures = {row["variant"]: row for row in item.get("variants", ())}
    return [
        ComparedVariant(use, figures.get(use.variant, {}) if use.version == question.current.number else {})
        for use in variants_given(question)
    ]


def variant_asked_for(request: HttpRequest, question: Question) -> QuestionVersion | None:
    """Return the variant whose sittings the page lists, if the address names one. Raises Refusal not_found."""
    variant = number_in(request.GET, "variant")
    if not variant:
        return None
    refuse_unless(request, Permission.SEE_GRADES)
    return variant_of(question, version=number_in(request.GET, "version"), variant=variant)


@require_safe
@needs(Permission.SEE_ANALYSIS, asks={"variant", "version", "page"})
def question_analysis(request: HttpRequest, course: "Course", question_id: str) -> HttpResponse:
    """Show one question: its prompt, its figures, and its responses; of one variant also who had it."""
    assessment = refuse_other_course(course, assessment_of(question_id))
    analyzed = analyzed_assessment(assessment, analysis_of(assessment))
    question = questions_by_id(assessment)[question_id]
    entry = next(
        (other for other in analyzed.entries if other.question.pk == question_id), AnalyzedQuestion(question, {})
    )
    chosen = variant_asked_for(request, question)
    return workplace_page(
        request,
        course,
        "quizzes/workplace/question.html",
        section="analysis",
        title=question.key,
        analyzed=analyzed,
        entry=entry,
        question=question,
        variants=compared_variants(question, entry.item),
        chosen=chosen,
        sittings=page_of_rows(request, sittings_with(chosen), ROWS) if chosen else None,
    )


@require_POST
@needs(Permission.COMPUTE_ANALYSIS, in_archive=True)
def compute_now(request: HttpRequest, course: "Course", assessment_id: str) -> HttpResponse:
    assessment = refuse_other_course(course, assessment_by_id(assessment_id))
    request_analysis(assessment=assessment, now=request.now)
    messages.success(
        request, _("Requested. The new statistics appear when a worker is free. Reload the page in a moment.")
    )
    return redirect(f"{reverse('analysis', args=[course.slug])}?assessment={assessment.pk}")


def refuse_other_course(course: "Course", assessment: Assessment) -> Assessment:
    """Return the assessment of a question. Raises Refusal not_found if it is in another course."""
    if assessment.course_id != course.pk:
        raise Refusal("not_found")
    return assessment
