"""One question on a page: Check, save, flag, report. Each is a form, so everything works without a script."""

from dataclasses import replace
from datetime import datetime
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

from foundation.frame.wording import spoken
from foundation.numbers import number_in
from people.access import learner_or_preview
from quizzes import services
from quizzes.forms import response_in
from quizzes.models import Assessment
from quizzes.pages import exam, review
from quizzes.refusals import Refusal
from quizzes.selectors import Card, Paper, assessment_of, checked_card, paper_of

# Refusals that leave the card unchanged: the typed response stays, and the message is added.
ABOUT_THE_RESPONSE = {"blank_response", "invalid_response", "sitting_paused"}
# Refusals of a page that is out of date: the card is new, and keeps the typed response.
ABOUT_AN_OLD_PAGE = {"button_changed", "question_changed"}
# Refusals of the whole page, which the page handler answers.
OF_THE_PAGE = {"not_found", "not_enrolled"}


@login_required
@require_POST
def check(request: HttpRequest, question_id: str) -> HttpResponse:
    """Check or Final Check: use the attempt that the form names."""
    try:
        outcome = services.submit_attempt(
            learner=request.user,
            question_id=question_id,
            response=response_in(request.POST, question_id),
            number=number_in(request.POST, "number"),
            button=request.POST.get("button", ""),
            version=number_in(request.POST, "version"),
            now=request.first_received,
        )
    except Refusal as refusal:
        return show_refusal(request, question_id, refusal)
    if not request.htmx:
        return redirect(back(request))
    if outcome.is_replay:
        return show_repeated(request, question_id)
    return show_checked(request, outcome)


def show_repeated(request: HttpRequest, question_id: str) -> HttpResponse:
    """Show the question whose response was checked before; in a pause, which hides it, only that it was (D32)."""
    paper = paper_with(request, question_id)
    if not paper.is_paused:
        return swapped(request, card_on(paper, question_id), paper.assessment)
    thanks = _(
        "This response was checked already and is stored. You see the result if you check it again after the pause."
    )
    return placed(render(request, "quizzes/thanks.html", {"thanks": thanks}), f"#q-{question_id}-refusal")


def show_checked(request: HttpRequest, outcome: services.CheckResult) -> HttpResponse:
    question = outcome.attempt.question
    card = checked_card(
        kind=question.assessment.kind,
        question=question,
        row=outcome.row,
        attempts=outcome.attempts,
        lateness=outcome.lateness,
    )
    item = outcome.grade.item(question.assessment_id)
    return swapped(request, card, question.assessment, item=item)


def swapped(request: HttpRequest, card: Card, assessment: Assessment, **extra: object) -> HttpResponse:
    """Return only the card and what changes with it: the running total, or the navigator's cell."""
    shown = {"card": card, "assessment": assessment, "next": back(request), "is_fresh": True, "is_preview": False}
    context = {**shown, "is_refused": "refusal" in extra, **extra}
    return render(request, "quizzes/swapped.html", context)


@login_required
@require_POST
def draft(request: HttpRequest, question_id: str) -> HttpResponse:
    """Save without using an attempt. A script gets the new revision and the time of the save."""
    response = response_in(request.POST, question_id)
    try:
        saved = services.save_draft(
            learner=request.user,
            question_id=question_id,
            response=response,
            revision=number_in(request.POST, "revision"),
            now=request.first_received,
        )
    except Refusal as refusal:
        return show_refusal(request, question_id, refusal)
    if wants_json(request):
        told = {"revision": saved.revision, "saved_at": saved.saved_at, "words": at_words(saved.saved_at)}
        return JsonResponse({**told, "is_blank": response is None})
    messages.success(request, _("Saved %(time)s. No attempt was used.") % {"time": at_words(saved.saved_at)})
    return redirect(back(request))


@login_required
@require_POST
def flag(request: HttpRequest, question_id: str) -> HttpResponse:
    """Flag a question to come back to, or remove the flag."""
    is_flagged = request.POST.get("is_flagged") == "1"
    services.set_flag(learner=request.user, question_id=question_id, is_flagged=is_flagged, now=request.now)
    return JsonResponse({"is_flagged": is_flagged}) if wants_json(request) else redirect(back(request))


@login_required
@require_POST
def send_report(request: HttpRequest, question_id: str) -> HttpResponse:
    """Report a problem with a question to the instructors."""
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
    thanks = _("Thank you. The instructors have your report and the question as you saw it.")
    if request.htmx:
        return render(request, "quizzes/thanks.html", {"thanks": thanks})
    messages.success(request, thanks)
    return redirect(back(request))


def show_refusal(request: HttpRequest, question_id: str, refusal: Refusal) -> HttpResponse:
    """Show the refusal's message in the card, with the typed response."""
    if wants_json(request):
        return JsonResponse(refusal_facts(request, question_id, refusal), status=refusal.status)
    if request.htmx and refusal.code in ABOUT_THE_RESPONSE | OF_THE_PAGE:
        return sentence_only(request, f"#q-{question_id}-refusal", refusal)
    if refusal.code in OF_THE_PAGE:
        raise refusal
    if request.htmx:
        card, assessment = current(request, question_id)
        if refusal.code in ABOUT_AN_OLD_PAGE and card.accepts_answers:
            typed = response_in(request.POST, question_id)
            card = replace(card, draft={"response": typed, "revision": card.revision})
        answer = swapped(request, card, assessment, refusal=refusal)
        answer.status_code = refusal.status
        return answer
    return whole_page(request, question_id, refusal)


def sentence_only(request: HttpRequest, target: str, refusal: Refusal) -> HttpResponse:
    """For a script, return only the message, to place into the form."""
    return placed(render(request, "quizzes/refusal.html", {"refusal": refusal}, status=refusal.status), target)


def placed(answer: HttpResponse, target: str) -> HttpResponse:
    """Let htmx place a message there, in place of the card."""
    answer["HX-Retarget"] = target
    answer["HX-Reswap"] = "innerHTML"
    return answer


def whole_page(request: HttpRequest, question_id: str, refusal: Refusal) -> HttpResponse:
    """Without a script, show the page again with the typed response."""
    paper = paper_with(request, question_id)
    typed = {"response": response_in(request.POST, question_id)}
    cards = tuple(
        replace(card, draft={**typed, "revision": card.revision})
        if card.question_id == question_id and card.accepts_answers
        else card
        for card in paper.cards
    )
    refused = {"refusal": refusal, "refused_id": question_id}
    if paper.assessment.kind == Assessment.Kind.REVIEW:
        return review.show_review(request, replace(paper, cards=cards), status=refusal.status, **refused)
    return exam.show_refused_question(
        request, replace(paper, cards=cards), question_id, status=refusal.status, **refused
    )


def refusal_facts(request: HttpRequest, question_id: str, refusal: Refusal) -> dict[str, object]:
    """Return the refusal for a script. A stale draft comes with both texts in words, so that the learner can choose."""
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
    """Return the card in its current state."""
    paper = paper_with(request, question_id)
    return card_on(paper, question_id), paper.assessment


def card_on(paper: Paper, question_id: str) -> Card:
    """Return a question's card. Raises Refusal sitting_paused, not_found."""
    card = paper.card(question_id)
    if card is None:
        raise Refusal("sitting_paused" if paper.is_paused else "not_found")
    return card


def paper_with(request: HttpRequest, question_id: str) -> Paper:
    assessment = assessment_of(question_id)
    learner_id = learner_or_preview(request.user, assessment.course_id)
    return paper_of(assessment=assessment, learner_id=learner_id, now=request.now)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def back(request: HttpRequest) -> str:
    """Return the page that the form came from, if it is on this site."""
    address = request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    # redirect() would take a single word for a view's name
    return address if is_here and address.startswith("/") else "/"


def at_words(at: datetime) -> str:
    return date_format(localtime(at), "H:i:s")
