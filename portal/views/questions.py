"""One question on a page: Check, save, flag, report. A form each, so that all of it works without a script."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from course.rules.refusals import Refusal
from portal.forms.answers import number_in, response_in
from portal.templatetags.times import spoken
from portal.views import exam, review
from portal.views.reader import learner_of
from quizzes import services
from quizzes.models import Assessment
from quizzes.selectors import Card, Paper, assessment_of, checked_card, paper

# A refusal that leaves the card as it is: what was typed stays, the sentence comes to it.
ABOUT_THE_RESPONSE = {"blank_response", "invalid_response"}
# A refusal of the whole page, answered by the handler of pages.
OF_THE_PAGE = {"not_found", "not_enrolled"}


@login_required
@require_POST
def check(request: HttpRequest, question_id: str) -> HttpResponse:
    """Check or Final Check: spends the attempt that the form names."""
    try:
        outcome = services.submit_attempt(
            learner=request.user,
            question_id=question_id,
            response=response_in(request.POST, question_id),
            number=number_in(request.POST, "number"),
            now=request.now,
        )
    except Refusal as refusal:
        return refused(request, question_id, refusal)
    if not request.htmx:
        return redirect(back(request))
    if outcome.is_replay:
        return swapped(request, *current(request, question_id))
    return checked(request, outcome)


def checked(request: HttpRequest, outcome: services.Outcome) -> HttpResponse:
    question = outcome.attempt.question
    card = checked_card(kind=question.assessment.kind, question=question, row=outcome.row, attempts=outcome.attempts)
    item = outcome.grade.item(question.assessment_id)
    return swapped(request, card, question.assessment, item=item)


def swapped(request: HttpRequest, card: Card, assessment: Assessment, **extra: Any) -> HttpResponse:
    """The card alone, and what changes with it: the running total, or the navigator's cell."""
    context = {"card": card, "assessment": assessment, "next": back(request), "is_fresh": True, **extra}
    return render(request, "quizzes/swapped.html", context)


@login_required
@require_POST
def draft(request: HttpRequest, question_id: str) -> HttpResponse:
    """Save without spending an attempt; a script is told the new revision and when it was saved."""
    response = response_in(request.POST, question_id)
    try:
        saved = services.save_draft(
            learner=request.user,
            question_id=question_id,
            response=response,
            revision=number_in(request.POST, "revision"),
            now=request.now,
        )
    except Refusal as refusal:
        return refused(request, question_id, refusal)
    if wants_json(request):
        told = {"revision": saved.revision, "saved_at": saved.saved_at, "words": at_words(saved.saved_at)}
        return JsonResponse({**told, "is_blank": response is None})
    messages.success(request, _("Saved %(time)s. No attempt was spent.") % {"time": at_words(saved.saved_at)})
    return redirect(back(request))


@login_required
@require_POST
def flag(request: HttpRequest, question_id: str) -> HttpResponse:
    """Mark a question to come back to, or take the mark away."""
    is_flagged = request.POST.get("is_flagged") == "1"
    services.set_flag(learner=request.user, question_id=question_id, is_flagged=is_flagged, now=request.now)
    return JsonResponse({"is_flagged": is_flagged}) if wants_json(request) else redirect(back(request))


@login_required
@require_POST
def report(request: HttpRequest, question_id: str) -> HttpResponse:
    """Something is wrong with a question: tell the instructors."""
    try:
        services.report_question(
            learner=request.user, question_id=question_id, text=request.POST.get("text", ""), now=request.now
        )
    except Refusal as refusal:
        if refusal.code in OF_THE_PAGE:
            raise
        if request.htmx:
            return sentence_only(request, f"#q-{question_id}-report-refusal", refusal)
        messages.error(request, spoken(refusal))
        return redirect(back(request))
    thanks = _("Your report is with the instructors, together with the version you saw. Thank you.")
    if request.htmx:
        return render(request, "quizzes/thanks.html", {"thanks": thanks})
    messages.success(request, thanks)
    return redirect(back(request))


def refused(request: HttpRequest, question_id: str, refusal: Refusal) -> HttpResponse:
    """The refusal's sentence where the learner is: in the card, with what they typed."""
    if wants_json(request):
        return JsonResponse(refusal_facts(request, question_id, refusal), status=refusal.status)
    if request.htmx and refusal.code in ABOUT_THE_RESPONSE | OF_THE_PAGE:
        return sentence_only(request, f"#q-{question_id}-refusal", refusal)
    if refusal.code in OF_THE_PAGE:
        raise refusal
    if request.htmx:
        card, assessment = current(request, question_id)
        answer = swapped(request, card, assessment, refusal=refusal)
        answer.status_code = refusal.status
        return answer
    return whole_page(request, question_id, refusal)


def sentence_only(request: HttpRequest, place: str, refusal: Refusal) -> HttpResponse:
    """For a script: the sentence alone, into the place that the form keeps for it."""
    answer = render(request, "quizzes/refusal.html", {"refusal": refusal}, status=refusal.status)
    answer["HX-Retarget"] = place
    answer["HX-Reswap"] = "innerHTML"
    return answer


def whole_page(request: HttpRequest, question_id: str, refusal: Refusal) -> HttpResponse:
    """Without a script: the page again, the response as it was typed."""
    sheet = sheet_of(request, question_id)
    typed = {"response": response_in(request.POST, question_id)}
    cards = tuple(
        replace(card, draft={**typed, "revision": card.revision})
        if card.question_id == question_id and card.accepts_answers
        else card
        for card in sheet.cards
    )
    place = {"refusal": refusal, "refused_id": question_id}
    if sheet.assessment.kind == Assessment.Kind.REVIEW:
        return review.show(request, replace(sheet, cards=cards), status=refusal.status, **place)
    return exam.refused(request, replace(sheet, cards=cards), question_id, status=refusal.status, **place)


def refusal_facts(request: HttpRequest, question_id: str, refusal: Refusal) -> dict[str, Any]:
    """For a script; a stale draft comes with both texts in words, so that the learner can choose."""
    facts: dict[str, Any] = {"code": refusal.code, "detail": refusal.sentence}
    if refusal.code == "stale_draft":
        card, _assessment = current(request, question_id)
        body, describe = card.version.body, card.type.describe
        facts |= {
            "revision": card.revision,
            "stored": describe(body, card.response),
            "yours": describe(body, response_in(request.POST, question_id)),
        }
    return facts


def current(request: HttpRequest, question_id: str) -> tuple[Card, Assessment]:
    """The card as it stands now."""
    sheet = sheet_of(request, question_id)
    card = sheet.card(question_id)
    if card is None:
        raise Refusal("not_found")
    return card, sheet.assessment


def sheet_of(request: HttpRequest, question_id: str) -> Paper:
    assessment = assessment_of(question_id)
    learner_id = learner_of(request.user, assessment.course_id)
    return paper(assessment=assessment, learner_id=learner_id, now=request.now)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def back(request: HttpRequest) -> str:
    """Where the form came from, if that is here."""
    address = request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_here and address.startswith("/") else "/"  # a word alone is a view's name to redirect()


def at_words(at: Any) -> str:
    return date_format(localtime(at), "H:i:s")
