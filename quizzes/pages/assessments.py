"""The page of an assessment, whichever kind it is; the history of its attempts; and the way to the last exam."""

from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from course.selectors import course_by_slug
from grading.rules.ledger import Ledger
from grading.services import settle_grades
from people.access import learner_or_preview
from quizzes.models import Assessment
from quizzes.pages import exam, review, ungraded
from quizzes.refusals import Refusal
from quizzes.selectors import MARK, Paper, assessments_of, paper_of, published_assessment, score_lines


@login_required
@require_safe
def assessment_page(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Show an assessment: review questions, or the exam in its current state. A rehearsal has an address of its own."""
    if MARK in assessment_id:
        return ungraded.show_ungraded(request, assessment_id)
    assessment = published_assessment(assessment_id)
    learner_id = learner_or_preview(request.user, assessment.course_id)
    if assessment.kind == Assessment.Kind.EXAM:
        return exam.show_exam(request, assessment, learner_id)
    paper = paper_of(assessment=assessment, learner_id=learner_id, now=request.now)
    return review.show_review(request, paper, is_preview=learner_id is None)


@login_required
@require_safe
def history(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Show how a learner's points add up: every question of an assessment, with its attempts and corrections."""
    assessment = published_assessment(assessment_id)
    learner_id = learner_or_preview(request.user, assessment.course_id)
    grades = settle_grades(now=request.now, learner_id=request.user.pk, course_id=assessment.course_id)
    paper = paper_of(assessment=assessment, learner_id=learner_id, now=request.now)
    # A pause hides the questions (D32). After the end, the verdicts may still be withheld (D33).
    if paper.is_paused or (paper.is_settled and not all(card.is_verdict_shown for card in paper.cards)):
        return redirect("assessment", assessment_id)
    score: dict[str, object] = {}
    if learner_id is not None:
        score = history_score(paper, grades.grade_shown(learner_id, assessment.course_id).ledger)
    return render(request, "quizzes/history.html", {**review.review_context(paper), **score})


def history_score(paper: Paper, ledger: Ledger) -> dict[str, object]:
    """Return each question with its score, the sums, and the override that replaces the points earned, if any."""
    row = ledger.row(paper.assessment.pk)
    lines = score_lines(paper, ledger.basis_questions(paper.assessment.pk))
    return {
        "lines": lines,
        "earned": sum((line.score.earned for line in lines), Decimal(0)),
        "possible": sum((line.score.possible for line in lines if line.score.counts), Decimal(0)),
        "override": row and row.override,
    }


@login_required
def last_exam(request: HttpRequest, slug: str) -> HttpResponse:
    """Redirect to the course's last exam, for the link in every page header."""
    course = course_by_slug(slug)
    learner_or_preview(request.user, course.pk)
    exams = [assessment for assessment in assessments_of(course.pk) if assessment.kind == "exam"]
    if not exams:
        raise Refusal("not_found")
    return redirect("assessment", exams[-1].pk)
