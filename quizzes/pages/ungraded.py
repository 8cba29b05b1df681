"""The pages of rehearsals and test runs: before the start, with the earlier ones, and the result (D46).

In between, a rehearsal has the pages of an exam (`quizzes.pages.exam`).
"""

from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from people.access import learner_or_preview
from quizzes import services
from quizzes.models import Assessment, Sitting
from quizzes.pages.exam import count_outcomes, exam_context, exam_paper, first_unanswered_position, show_waiting
from quizzes.refusals import Refusal
from quizzes.rules.timing import stretched
from quizzes.selectors import (
    MARK,
    has_running_exam,
    past_runs,
    published_assessment,
    records_before_start,
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rehearse(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Show what a rehearsal is, or a test run for those who teach, and the earlier ones. A POST starts one."""
    exam = published_assessment(assessment_id)
    learner_id = learner_or_preview(request.user, exam.course_id)
    if exam.kind != Assessment.Kind.EXAM:
        raise Refusal("not_an_exam")
    if request.method == "POST":
        if learner_id is None:
            sitting, _ = services.start_test_run(person=request.user, assessment=exam, now=request.now)
        else:
            sitting, _ = services.start_rehearsal(learner=request.user, assessment=exam, now=request.now)
        return redirect("assessment", sitting.assessment.pk)
    return show_front(request, exam, Sitting.Kind.TEST_RUN if learner_id is None else Sitting.Kind.REHEARSAL)


def show_front(request: HttpRequest, exam: Assessment, kind: Sitting.Kind) -> HttpResponse:
    person_id = request.user.pk
    multiplier = records_before_start(person_id, exam.pk).multiplier
    asked = sum(stratum["count"] for stratum in exam.draw)
    if kind == Sitting.Kind.REHEARSAL:
        asked = services.rehearsal_size(exam=exam, learner_id=person_id, now=request.now)
    runs = past_runs(person_id, exam.pk, kind)
    context = {
        "assessment": exam,
        "course": exam.course,
        "section": "exam",
        "ungraded": kind.value,
        "limit": None if exam.time_limit is None else stretched(exam.time_limit, multiplier),
        "multiplier": multiplier,
        "questions": asked,
        "is_waiting": kind == Sitting.Kind.REHEARSAL and has_running_exam(person_id, request.now),
        "runs": [run for run in runs if run.is_over],
        "running": next((run for run in runs if not run.is_over), None),
    }
    return render(request, "quizzes/rehearsal/start.html", context)


def show_ungraded(request: HttpRequest, address: str) -> HttpResponse:
    """Show the page that fits the state of a rehearsal or a test run: running, waiting to be settled, or over."""
    services.settle_ungraded(person_id=request.user.pk, sitting_id=address.partition(MARK)[2], now=request.now)
    paper = exam_paper(request, address)
    if not paper.is_settled:
        if paper.is_time_up:
            return show_waiting(request, paper)
        return redirect("exam_question", address, first_unanswered_position(paper.cards))
    assert paper.sitting is not None
    context = {
        "earned": sum((card.points_earned for card in paper.cards), Decimal(0)),
        "possible": sum((card.points for card in paper.cards), Decimal(0)),
        "counts": count_outcomes(paper.cards),
        "exam_id": paper.sitting.assessment_id,
    }
    return render(request, "quizzes/rehearsal/result.html", {**exam_context(request, paper), **context})
