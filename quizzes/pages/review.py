"""The page of review questions: one card each, and their total."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grading.rules.late_shares import late_share
from quizzes.models import Assessment
from quizzes.selectors import Paper, review_line


def show_review(
    request: HttpRequest, paper: Paper, *, is_preview: bool = False, status: int = 200, **extra: object
) -> HttpResponse:
    item = None if is_preview else review_line(paper.assessment, request.user.pk, request.now)
    late = late_share(paper.lateness, request.now, paper.dates.closes_at)
    if late is not None and not any(card.accepts_answers for card in paper.cards):
        late = None  # nothing is left to answer
    context = {**review_context(paper), "item": item, "late": late, "is_preview": is_preview, **extra}
    context["page_key"] = ("review", paper.assessment.title, context["has_math"])
    return render(request, "quizzes/review.html", context, status=status)


def review_context(paper: Paper) -> dict[str, object]:
    """Return the context that the pages of review questions and of a history share."""
    has_math = any(card.version.has_math for card in paper.cards)
    return {
        "paper": paper,
        "assessment": paper.assessment,
        "course": paper.assessment.course,
        "has_math": has_math,
        "section": "exam" if paper.assessment.kind == Assessment.Kind.EXAM else "course",
    }
