"""An exam: the page before it, the paper, handing in, and the result."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from course.rules.schedule import has_closed, has_opened
from foundation.fast.moving import Ranks
from grading.rules.late_shares import late_share
from grading.selectors import SettledGrades, certificate_of
from grading.selectors.outlooks import outlook_of
from grading.services import settle_grades
from people.access import learner_or_preview
from questions import types
from quizzes import services
from quizzes.forms import response_in
from quizzes.models import Assessment
from quizzes.pages.congratulating import congratulate, congratulation_after_time, remember_congratulation
from quizzes.refusals import Refusal
from quizzes.rules.timing import deadline_as_of, is_paused, settles_at, stretched
from quizzes.selectors import (
    MARK,
    Card,
    Paper,
    attempts_by_type,
    exam_to_start,
    paper_of,
    pause_of,
    pool_to_practice,
    published_assessment,
    records_before_start,
    results_by_module,
    ungraded_clock,
    ungraded_paper,
    unsettled_clock,
    voids_of,
)

# How often the page refreshes while an exam waits to be settled, so that it soon shows minutes that were added.
RELOAD_SECONDS = 5
# How often the page of a paused exam refreshes, so that it soon shows that an instructor has resumed the exam.
PAUSED_RELOAD_SECONDS = 20
# Fields that the form on the page of a paused exam sets itself. It repeats all others of the question's form.
SET_BY_PAUSE = {"csrfmiddlewaretoken", "question"}


def show_exam(request: HttpRequest, assessment: Assessment, learner_id: int | None) -> HttpResponse:
    """Show the page that fits the state of the exam: before Start, running, paused, waiting to be settled, or over."""
    grades = settle_grades(now=request.now, learner_id=request.user.pk, course_id=assessment.course_id)
    paper = paper_of(assessment=assessment, learner_id=learner_id, now=request.now)
    if paper.sitting is None:
        return show_before_start(request, paper, grades, is_preview=learner_id is None)
    if paper.is_settled:
        return show_result(request, paper, grades)
    if paper.is_time_up:
        return show_waiting(request, paper)
    if paper.is_paused:
        return show_pause(request, paper)
    return redirect("exam_question", assessment.pk, first_unanswered_position(paper.cards))


def show_before_start(request: HttpRequest, paper: Paper, grades: SettledGrades, *, is_preview: bool) -> HttpResponse:
    grade = grades.grade_shown(request.user.pk, paper.assessment.course_id)
    item = grade.item(paper.assessment.pk)
    category = next((category for category in grade.categories if item in category.items), None)
    records = None if is_preview else records_before_start(request.user.pk, paper.assessment.pk)
    start = StartNow.of(paper, records.multiplier if records else Decimal(1), request.now)
    need = grade.need if category and category.key == grade.need_category else None
    slug = paper.assessment.course.slug
    context = {
        **start._asdict(),
        "is_preview": is_preview,
        "grade": grade,
        "item": item,
        "category": category,
        "need": need,
        "questions": sum(stratum["count"] for stratum in paper.assessment.draw),
        "attempts": attempts_in_words(attempts_by_type(paper.assessment)),
        "highest": outlook_of(grade).get("highest"),
        "late": late_share(paper.lateness, request.now, paper.dates.closes_at),
        "voids": voids_of(request.user.pk, paper.assessment.pk)[:1] if records and records.void else [],
        "to_practice": pool_to_practice(paper.assessment, None if is_preview else request.user.pk, request.now),
        "page_key": ("exam start", paper.assessment.title),
        "look": (paper.assessment.pk, slug, paper.dates, need, is_preview, start._replace(would_end_at=None)),
    }
    return render(request, "quizzes/exam_start.html", {**exam_context(request, paper), **context})


class StartNow(NamedTuple):
    """The limits of an exam that starts now, and whether its dates allow that.

    `would_end_at` is None for an exam without a time limit and without a closing.
    """

    limit: timedelta | None
    multiplier: Decimal
    is_unopened: bool
    is_closed: bool
    would_end_at: datetime | None
    ends_at_closing: bool

    @classmethod
    def of(cls, paper: Paper, multiplier: Decimal, now: datetime) -> "StartNow":
        dates, usual = paper.dates, paper.assessment.time_limit
        limit = None if usual is None else stretched(usual, multiplier)
        ends_at = min(filter(None, (limit and now + limit, dates.closes_at)), default=None)
        return cls(
            limit,
            multiplier,
            is_unopened=not has_opened(dates.opens_at, now),
            is_closed=has_closed(dates.closes_at, now),
            would_end_at=ends_at,
            ends_at_closing=ends_at == dates.closes_at,
        )


def attempts_in_words(limits: Mapping[str, int]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Return each number of attempts with the labels of the types that have it, fewest attempts first.

    The number that most types have comes last, without labels.
    """
    types_of: dict[int, list[str]] = {}
    for name, limit in sorted(limits.items()):
        types_of.setdefault(limit, []).append(str(types.get(name).label))
    usual = max(types_of, key=lambda limit: (len(types_of[limit]), limit), default=None)
    named = tuple((limit, tuple(labels)) for limit, labels in sorted(types_of.items()) if limit != usual)
    return named if usual is None else (*named, (usual, ()))


def show_waiting(request: HttpRequest, paper: Paper) -> HttpResponse:
    """Show that time is up, and how many responses will be graded. Responses may still be on their way."""
    page = render(
        request, "quizzes/exam_waiting.html", {**exam_context(request, paper), "counts": count_cards(paper.cards)}
    )
    page["Refresh"] = str(RELOAD_SECONDS)
    return page


def show_pause(request: HttpRequest, paper: Paper) -> HttpResponse:
    """Show that the clock is stopped, and how to resume. The questions are hidden until then."""
    page = pause_page(request, paper)
    page["Refresh"] = str(PAUSED_RELOAD_SECONDS)
    return page


def pause_page(request: HttpRequest, paper: Paper, *, status: int = 200, **extra: object) -> HttpResponse:
    assert paper.sitting is not None
    context = {**exam_context(request, paper), "pause": pause_of(paper.sitting.pk), **extra}
    return render(request, "quizzes/exam_paused.html", context, status=status)


def show_pause_with_typed(request: HttpRequest, paper: Paper, question_id: str, *, status: int) -> HttpResponse:
    """Without a script, show the pause to a learner who sent a response during it.

    The form that resumes the exam sends the response again. The page does not refresh, because that would lose it.
    """
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    typed = [("question", question_id), *(field for field in sent if field[0] not in SET_BY_PAUSE)]
    return pause_page(request, paper, status=status, typed=typed)


def show_result(request: HttpRequest, paper: Paper, grades: SettledGrades) -> HttpResponse:
    sitting = paper.sitting
    assert sitting is not None
    grade = grades.grade_shown(request.user.pk, paper.assessment.course_id)
    are_verdicts_shown = all(card.is_verdict_shown for card in paper.cards)
    certificate = certificate_of(request.user.pk, paper.assessment.course_id) if grade.is_certified else None
    context = {
        "grade": grade,
        "item": grade.item(paper.assessment.pk),
        "are_verdicts_shown": are_verdicts_shown,
        "is_withheld": paper.assessment.pk in grade.withheld,
        "counts": count_outcomes(paper.cards),
        "modules": results_by_module(paper) if are_verdicts_shown else [],
        "late": late_share(paper.lateness, request.now),
        "certificate": certificate,
        "congratulation": congratulation_after_time(request, certificate, sitting),
    }
    response = render(request, "quizzes/exam_result.html", {**exam_context(request, paper), **context})
    if context["congratulation"] and certificate is not None:
        remember_congratulation(request, response, certificate)
    return response


@login_required
@require_POST
def start(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Draw the paper and start the clock. Starting again is harmless."""
    assessment = exam_to_start(assessment_id)
    try:
        services.start_sitting(learner=request.user, assessment=assessment, now=request.now)
    except Refusal as refusal:
        if refusal.code != "sitting_over":
            raise
    return redirect("assessment", assessment_id)


@login_required
@require_safe
def exam_question(request: HttpRequest, assessment_id: str, position: int) -> HttpResponse:
    """Show the paper with one question on screen. Scripts switch between questions without loading a page."""
    paper = exam_paper(request, assessment_id)
    if not paper.accepts_answers or paper.is_time_up or paper.is_paused:
        return redirect("assessment", assessment_id)
    card = next((card for card in paper.cards if card.position == position), None)
    if card is None or paper.sitting is None:
        raise Refusal("not_found")
    if not card.is_seen:
        services.mark_seen(sitting=paper.sitting, position=position)
        paper = with_seen(paper, position)
    return show_exam_question(request, paper, card)


class PaperQuestion(NamedTuple):
    """A question on the page of the paper, or its cell in the navigator. Only the current question is visible at first.

    `look` is everything that decides how the question or the cell looks, as a key for its rendered HTML. `ranks` are the
    places of the question's options, which the look leaves out.
    """

    card: Card
    is_current: bool
    look: Hashable
    ranks: Ranks | None = None


def with_seen(paper: Paper, position: int) -> Paper:
    cards = (replace(card, is_seen=True) if card.position == position else card for card in paper.cards)
    return replace(paper, cards=tuple(cards))


def show_exam_question(
    request: HttpRequest, paper: Paper, current: Card, *, status: int = 200, **extra: object
) -> HttpResponse:
    cards = [(card, card.position == current.position) for card in paper.cards]
    context = {
        **exam_context(request, paper),
        "questions": [
            PaperQuestion(card, is_current, (card.look, is_current), card.ranks) for card, is_current in cards
        ],
        "cells": [PaperQuestion(card, is_current, (card.cell_look, is_current)) for card, is_current in cards],
        "counts": count_cards(paper.cards),
        **extra,
    }
    page = paper.ungraded or "exam"
    context["page_key"] = (page, paper.assessment.title, context["has_math"], context["lacks_checks"])
    return render(request, "quizzes/exam.html", context, status=status)


def show_refused_question(
    request: HttpRequest, paper: Paper, question_id: str, *, status: int, **extra: object
) -> HttpResponse:
    """Without a script, show the question again with the refusal, or the page of the exam if it is paused or over."""
    if paper.is_paused and response_in(request.POST, question_id) is not None:
        return show_pause_with_typed(request, paper, question_id, status=status)
    card = paper.card(question_id)
    if card is None or not paper.accepts_answers or paper.is_time_up:
        return redirect("assessment", paper.assessment.pk)
    return show_exam_question(request, paper, card, status=status, **extra)


@login_required
@require_POST
def seen(request: HttpRequest, assessment_id: str, position: int) -> HttpResponse:
    """Record that a script showed another question of the paper."""
    paper = exam_paper(request, assessment_id)
    if paper.sitting is not None and paper.accepts_answers:
        services.mark_seen(sitting=paper.sitting, position=position)
    return JsonResponse({"position": position})


@login_required
@require_safe
def exam_clock(request: HttpRequest, sitting_id: str) -> JsonResponse:
    """Return the instants of a sitting to the pages that show them, which ask every few seconds (D15).

    Runs one query, and a second one for a rehearsal or a test run. Raises Refusal not_found for a sitting that is void or
    settled, which the exam's page shows.
    """
    try:
        clock = unsettled_clock(request.user.pk, sitting_id)
    except Refusal:
        clock = ungraded_clock(request.user.pk, sitting_id)
    instants = {
        "server_time": request.now,
        "deadline_at": deadline_as_of(clock, request.now),
        "submitted_at": clock.submitted_at,
        "paused_at": clock.paused_at if is_paused(clock, request.now) else None,
    }
    return JsonResponse({name: at and at.isoformat() for name, at in instants.items()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Show the questions that were not seen or not checked, and the flagged ones. A POST hands in."""
    paper = exam_paper(request, assessment_id)
    if paper.sitting is None or not paper.accepts_answers or paper.is_paused:
        return redirect("assessment", assessment_id)
    if request.method == "POST":  # also accepted in the grace
        services.hand_in_sitting(learner=request.user, sitting_id=paper.sitting.pk, now=request.now)
        if paper.ungraded:
            return redirect("assessment", assessment_id)
        congratulate(request, certificate_of(request.user.pk, paper.assessment.course_id), request.now)
        return redirect("assessment", assessment_id)
    if paper.is_time_up:
        return redirect("assessment", assessment_id)
    return render(
        request, "quizzes/hand_in.html", {**exam_context(request, paper), **questions_to_revisit(paper.cards)}
    )


def exam_paper(request: HttpRequest, assessment_id: str) -> Paper:
    if MARK in assessment_id:
        return ungraded_paper(request.user, assessment_id.partition(MARK)[2], request.now)
    assessment = published_assessment(assessment_id)
    learner_id = learner_or_preview(request.user, assessment.course_id)
    if assessment.kind != Assessment.Kind.EXAM:
        raise Refusal("not_an_exam")
    return paper_of(assessment=assessment, learner_id=learner_id, now=request.now)


def exam_context(request: HttpRequest, paper: Paper) -> dict[str, object]:
    sitting = paper.sitting
    ends_at = sitting and deadline_as_of(sitting.clock, request.now)
    return {
        "paper": paper,
        "assessment": paper.assessment,
        "course": paper.assessment.course,
        "lacks_checks": not paper.assessment.disclosure.has_checks,
        "sitting": sitting,
        "has_math": any(card.version.has_math for card in paper.cards),
        "section": "exam",
        "now": request.now,
        "ends_at": ends_at,
        "seconds_left": seconds_until(ends_at, request.now),
        "saved_at": max((card.saved_at for card in paper.cards if card.saved_at), default=None),
        "settled_at": ends_at and settles_at(ends_at),
    }


def seconds_until(end: datetime | None, start: datetime) -> int:
    return max(int((end - start).total_seconds()), 0) if end else 0


def first_unanswered_position(cards: Iterable[Card]) -> int:
    """Return the position of the first question without a response, or the first."""
    return next((card.position for card in cards if card.state in {"unseen", "seen"}), 1)


def count_cards(cards: Iterable[Card]) -> dict[str, int]:
    """Count the questions by state and by standing, and the flagged ones. `saved` are those that can be graded."""
    cards = list(cards)
    states = Counter([card.state for card in cards])
    standings = Counter([card.standing for card in cards])
    return {
        **{name: states[name] for name in ("unseen", "seen", "checked")},
        **{name: standings[name] for name in ("saved", "unreadable", "right", "wrong", "again")},
        "flagged": sum([card.is_flagged for card in cards]),
        "all": len(cards),
    }


def count_outcomes(cards: Iterable[Card]) -> dict[str, int]:
    """Count the questions of an exam that is over by outcome. A draft that was not graded (D8) counts as unanswered."""
    cards = list(cards)
    outcomes = Counter(card.outcome for card in cards)
    handed_in = sum(bool(card.attempts) for card in cards)
    return {
        "right": outcomes["right"],
        "wrong": outcomes["wrong"],
        "handed_in": handed_in,
        "unanswered": sum(not card.attempts and not card.outcome for card in cards),
    }


def questions_to_revisit(cards: Iterable[Card]) -> dict[str, object]:
    """Return the questions that a learner may want to come back to before handing in, by reason."""
    cards = list(cards)
    return {
        "counts": count_cards(cards),
        "unseen": [card for card in cards if card.state == "unseen"],
        "empty": [card for card in cards if card.state == "seen"],
        "unreadable": [card for card in cards if card.standing == "unreadable"],
        "unchecked": [card for card in cards if card.standing == "saved"],
        "retry": [card for card in cards if card.state == "checked" and card.attempts_left],
        "flagged": [card for card in cards if card.is_flagged],
    }
