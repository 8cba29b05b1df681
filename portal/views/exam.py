"""The final exam: the page before it, the paper, handing in, and what follows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from course.rules.refusals import Refusal
from course.selectors import accommodations_of
from grading.selectors import course_grade
from portal.views.reader import learner_of
from quizzes import services
from quizzes.models import Assessment
from quizzes.rules.timing import SETTLEMENT, stretched
from quizzes.selectors import Card, Paper, assessment_by_id, paper, voids_of

# While an exam waits for its settlement its page asks again this often: added minutes show as soon as that.
RELOAD_SECONDS = 5


def show(request: HttpRequest, assessment: Assessment, learner_id: int | None) -> HttpResponse:
    """Before, during, waiting for the settlement, or after."""
    services.settle_due(now=request.now, learner_id=learner_id, course_id=assessment.course_id)
    sheet = paper(assessment=assessment, learner_id=learner_id, now=request.now)
    if sheet.sitting is None:
        return before(request, sheet, is_preview=learner_id is None)
    if sheet.is_settled:
        return after(request, sheet)
    if sheet.is_time_up:
        return waiting(request, sheet)
    return redirect("exam_question", assessment.pk, resume_at(sheet.cards))


def before(request: HttpRequest, sheet: Paper, *, is_preview: bool) -> HttpResponse:
    grade = course_grade(request.user.pk, sheet.assessment.course_id)
    item = grade.item(sheet.assessment.pk)
    category = next((found for found in grade.categories if item in found.items), None)
    given = None if is_preview else accommodations_of(request.user.pk, sheet.assessment.course_id).first()
    limit = stretched(sheet.assessment.time_limit or timedelta(), given.multiplier if given else Decimal(1))
    context = {
        "is_preview": is_preview,
        "grade": grade,
        "item": item,
        "category": category,
        "questions": sum(stratum["count"] for stratum in sheet.assessment.draw),
        "limit": limit,
        "accommodation": given,
        "would_end_at": request.now + limit,
        "attempts": sheet.assessment.course.attempts,
        "voids": [] if is_preview else list(voids_of(request.user.pk, sheet.assessment.pk)[:1]),
    }
    return render(request, "quizzes/exam_start.html", {**about(request, sheet), **context})


def waiting(request: HttpRequest, sheet: Paper) -> HttpResponse:
    """Time is up, and what was on its way may still arrive: what was handed in, until it is graded."""
    answer = render(request, "quizzes/exam_waiting.html", {**about(request, sheet), "counts": counts(sheet.cards)})
    answer["Refresh"] = str(RELOAD_SECONDS)
    return answer


def after(request: HttpRequest, sheet: Paper) -> HttpResponse:
    grade = course_grade(request.user.pk, sheet.assessment.course_id)
    context = {"grade": grade, "item": grade.item(sheet.assessment.pk), "counts": counts(sheet.cards)}
    return render(request, "quizzes/exam_result.html", {**about(request, sheet), **context})


@login_required
@require_POST
def start(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The second step: the paper is drawn and time runs; again is harmless."""
    assessment = assessment_by_id(assessment_id)
    try:
        services.start_sitting(learner=request.user, assessment=assessment, now=request.now)
    except Refusal as refusal:
        if refusal.code != "sitting_over":
            raise
    return redirect("assessment", assessment_id)


@login_required
@require_safe
def exam_question(request: HttpRequest, assessment_id: str, position: int) -> HttpResponse:
    """The paper with one question on screen; a script shows another without asking for it."""
    sheet = sheet_of(request, assessment_id)
    if not sheet.is_open or sheet.is_time_up:
        return redirect("assessment", assessment_id)
    card = next((found for found in sheet.cards if found.position == position), None)
    if card is None or sheet.sitting is None:
        raise Refusal("not_found")
    if not card.is_seen:
        services.mark_seen(sitting=sheet.sitting, position=position)
        sheet = with_seen(sheet, position)
    return show_question(request, sheet, card)


def with_seen(sheet: Paper, position: int) -> Paper:
    cards = (replace(card, is_seen=True) if card.position == position else card for card in sheet.cards)
    return replace(sheet, cards=tuple(cards))


def show_question(request: HttpRequest, sheet: Paper, card: Card, *, status: int = 200, **extra: Any) -> HttpResponse:
    context = {
        **about(request, sheet),
        "current": card,
        "counts": counts(sheet.cards),
        "saved_at": max((found.saved_at for found in sheet.cards if found.saved_at), default=None),
        **extra,
    }
    return render(request, "quizzes/exam.html", context, status=status)


def refused(request: HttpRequest, sheet: Paper, question_id: str, *, status: int, **extra: Any) -> HttpResponse:
    """Without a script: the question again with the refusal; once the exam is over, the page that says so."""
    card = sheet.card(question_id)
    if card is None or not sheet.is_open or sheet.is_time_up:
        return redirect("assessment", sheet.assessment.pk)
    return show_question(request, sheet, card, status=status, **extra)


@login_required
@require_POST
def seen(request: HttpRequest, assessment_id: str, position: int) -> HttpResponse:
    """A script showed another question of the paper."""
    sheet = sheet_of(request, assessment_id)
    if sheet.sitting is not None and sheet.is_open:
        services.mark_seen(sitting=sheet.sitting, position=position)
    return JsonResponse({"position": position})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """What is unseen, unchecked and flagged; then the end."""
    sheet = sheet_of(request, assessment_id)
    if sheet.sitting is None or sheet.is_settled or sheet.is_time_up:
        return redirect("assessment", assessment_id)
    if request.method == "POST":
        services.end_sitting(learner=request.user, sitting_id=sheet.sitting.pk, now=request.now)
        return redirect("assessment", assessment_id)
    return render(request, "quizzes/hand_in.html", {**about(request, sheet), **left_open(sheet.cards)})


def sheet_of(request: HttpRequest, assessment_id: str) -> Paper:
    assessment = assessment_by_id(assessment_id)
    if assessment.kind != Assessment.Kind.EXAM:
        raise Refusal("not_an_exam")
    learner_id = learner_of(request.user, assessment.course_id)
    return paper(assessment=assessment, learner_id=learner_id, now=request.now)


def about(request: HttpRequest, sheet: Paper) -> dict[str, Any]:
    sitting = sheet.sitting
    return {
        "paper": sheet,
        "assessment": sheet.assessment,
        "course": sheet.assessment.course,
        "sitting": sitting,
        "has_math": any(card.version.has_math for card in sheet.cards),
        "section": "exam",
        "now": request.now,
        "seconds_left": seconds_until(sitting and sitting.deadline_at, request.now),
        "settled_at": sitting and sitting.deadline_at and sitting.deadline_at + SETTLEMENT,
        "next": reverse("assessment", args=[sheet.assessment.pk]),
    }


def seconds_until(end: datetime | None, start: datetime) -> int:
    return max(int((end - start).total_seconds()), 0) if end else 0


def resume_at(cards: Iterable[Card]) -> int:
    """The first question that nothing was given to yet, or the first."""
    return next((card.position for card in cards if card.standing in {"unseen", "seen"}), 1)


def counts(cards: Iterable[Card]) -> dict[str, int]:
    """How many questions stand where, and how many are flagged, final or right."""
    cards = list(cards)
    standing = Counter(card.standing for card in cards)
    return {
        **{name: standing[name] for name in ("unseen", "seen", "saved", "checked")},
        "flagged": sum(card.is_flagged for card in cards),
        "right": sum(bool(card.is_correct) for card in cards),
        "wrong": sum(card.is_correct is False for card in cards),
        "unanswered": sum(card.is_correct is None for card in cards),
        "all": len(cards),
    }


def left_open(cards: Iterable[Card]) -> dict[str, Any]:
    """The questions that a learner may want to look at before the end, by why."""
    cards = list(cards)
    return {
        "counts": counts(cards),
        "unseen": [card for card in cards if card.standing == "unseen"],
        "empty": [card for card in cards if card.standing == "seen"],
        "unchecked": [card for card in cards if card.standing == "saved"],
        "retry": [card for card in cards if card.standing == "checked" and card.attempts_left],
        "flagged": [card for card in cards if card.is_flagged],
    }
