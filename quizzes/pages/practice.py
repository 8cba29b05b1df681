"""Practice on one question: its form again, and whether the response is right. Nothing is stored."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from foundation.numbers import number_in
from people.access import learner_or_preview
from quizzes.forms import response_in
from quizzes.models import Assessment
from quizzes.refusals import Refusal
from quizzes.selectors import assessment_of, is_practice_right, pool_practice_card, practice_card

ABOUT_THE_RESPONSE = {"blank_response", "invalid_response"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: HttpRequest, question_id: str) -> HttpResponse:
    """Show a final review question, or a question of an exam that is open for practice, with empty controls; or check a
    response to it without storing anything.
    """
    assessment = assessment_of(question_id)
    learner_id = learner_or_preview(request.user, assessment.course_id)
    if assessment.kind == Assessment.Kind.EXAM:
        variant = number_in(request.POST or request.GET, "variant")
        practice = pool_practice_card(
            assessment=assessment, learner_id=learner_id, question_id=question_id, variant=variant, now=request.now
        )
    else:
        practice = practice_card(
            assessment=assessment, learner_id=learner_id, question_id=question_id, another=True, now=request.now
        )
    response, is_right, refusal = None, None, None
    if request.method == "POST":
        response = response_in(request.POST, question_id)
        try:
            is_right = is_practice_right(assessment=assessment, card=practice.card, response=response)
        except Refusal as error:
            if error.code not in ABOUT_THE_RESPONSE:
                raise
            refusal = error
    context = {
        "section": "course",
        "course": assessment.course,
        "assessment": assessment,
        "has_math": practice.card.version.has_math,
        "practice": practice,
        "card": practice.card,
        "controls": practice.card.type.context(practice.card.body, response, None),
        "is_right": is_right,
        "refusal": refusal,
    }
    return render(request, "quizzes/practice.html", context, status=refusal.status if refusal else 200)
