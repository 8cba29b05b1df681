"""Resume a paused exam."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from quizzes import services
from quizzes.pages.exam import exam_paper
from quizzes.pages.questions import draft


@login_required
@require_POST
def resume(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """End the pause of the reader's exam. Resuming again is harmless.

    A response that was sent during the pause without a script comes along in the form, and is saved now.
    """
    paper = exam_paper(request, assessment_id)
    if paper.sitting is not None and paper.is_paused:
        services.resume_sitting(learner=request.user, sitting_id=paper.sitting.pk, now=request.now)
    question_id = request.POST.get("question")
    return draft(request, question_id) if question_id else redirect("assessment", assessment_id)
