"""Review questions: one card each, in one page, and what they add up to."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grading.selectors import course_grade
from portal.views import exam
from portal.views.reader import learner_of
from quizzes.models import Assessment
from quizzes.selectors import Paper, assessment_by_id, paper
from quizzes.services import settle_due


@login_required
@require_safe
def assessment(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """An assessment's page: review questions, or the exam in the state it is in."""
    found = assessment_by_id(assessment_id)
    learner_id = learner_of(request.user, found.course_id)
    if found.kind == Assessment.Kind.EXAM:
        return exam.show(request, found, learner_id)
    sheet = paper(assessment=found, learner_id=learner_id, now=request.now)
    return show(request, sheet, is_preview=learner_id is None)


@login_required
@require_safe
def history(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Every attempt of a learner in an assessment, with the version it answered."""
    found = assessment_by_id(assessment_id)
    learner_id = learner_of(request.user, found.course_id)
    settle_due(now=request.now, learner_id=request.user.pk, course_id=found.course_id)
    sheet = paper(assessment=found, learner_id=learner_id, now=request.now)
    answered = [card for card in sheet.cards if card.attempts]
    return render(request, "quizzes/history.html", {**about(sheet), "answered": answered})


def show(
    request: HttpRequest, sheet: Paper, *, is_preview: bool = False, status: int = 200, **extra: Any
) -> HttpResponse:
    item = None if is_preview else course_grade(request.user.pk, sheet.assessment.course_id).item(sheet.assessment.pk)
    context = {**about(sheet), "item": item, "is_preview": is_preview, **extra}
    return render(request, "quizzes/review.html", context, status=status)


def about(sheet: Paper) -> dict[str, Any]:
    """What every page of an assessment says of it."""
    return {
        "paper": sheet,
        "assessment": sheet.assessment,
        "course": sheet.assessment.course,
        "has_math": any(card.version.has_math for card in sheet.cards),
        "section": "exam" if sheet.assessment.kind == Assessment.Kind.EXAM else "course",
    }
