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
from grading.rules.arithmetic import points_text
from grading.selectors import CertificateState, certificate_of
from people.access import learner_or_preview
from quizzes import services
from quizzes.forms import response_in
from quizzes.models import Assessment
from quizzes.pages import exam, review
from quizzes.pages.congratulating import congratulate, congratulation
from quizzes.refusals import Refusal
from quizzes.selectors import MARK, Card, Paper, assessment_of, checked_card, paper_of, ungraded_paper

# Refusals that leave the card as it is: only the message is added to the form.
ABOUT_THE_RESPONSE = {"blank_response", "invalid_response", "sitting_paused"}
# Refusals of a page that is out of date: the card is shown as it is now, with the typed response.
ABOUT_AN_OLD_PAGE = {"button_changed", "question_changed"}
# Refusals of the whole page: an error page, or with a script a message in the card.
OF_THE_PAGE = {"not_found", "not_enrolled"}


@login_required
@require_POST
def check(request: HttpRequest, question_id: str) -> HttpResponse:
    """Check or Final Check: use the attempt that the form names."""
    try:
        outcome = services.check_response(
            learner=request.user,
            question_id=question_id,
            response=response_in(request.POST, question_id),
            number=number_in(request.POST, "number"),
            button=request.POST.get("button", ""),
            version=number_in(request.POST, "version"),
            now=request.first_received,  # a response that we failed to store counts from its first receipt
        )
    except Refusal as refusal:
        return show_refusal(request, question_id, refusal)
    if not request.htmx:
        congratulate(request, certificate_after(request, outcome), request.first_received)
        return redirect(return_address(request))
    if outcome.is_replay:
        return show_repeated(request, question_id)
    return show_checked(request, outcome)


def show_repeated(request: HttpRequest, question_id: str) -> HttpResponse:
    """Show the question of a Check that was sent twice. In a pause, which hides it, say only that it was checked (D32)."""
    paper = paper_with_question(request, question_id)
    if not paper.is_paused:
        return card_alone(request, card_on(paper, question_id), paper.assessment)
    thanks = _(
        "This response was checked already and is stored. You see the result if you check it again after the pause."
    )
    return retarget(render(request, "quizzes/thanks.html", {"thanks": thanks}), f"#q-{question_id}-refusal")


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
    is_first = outcome.is_right and is_first_right(outcome)
    passed = congratulation(request, certificate_after(request, outcome), request.first_received)
    return card_alone(request, card, question.assessment, item=item, is_first_right=is_first, congratulation=passed)


def certificate_after(request: HttpRequest, outcome: services.CheckResult) -> CertificateState | None:
    """Return the certificate that this attempt may have earned: none for a wrong response, before the pass mark, and in
    a rehearsal."""
    if (
        outcome.is_replay
        or MARK in outcome.attempt.question.pk
        or not (outcome.grade.is_certified and outcome.points_earned)
    ):
        return None
    return certificate_of(request.user.pk, outcome.attempt.question.assessment.course_id)


def is_first_right(outcome: services.CheckResult) -> bool:
    """Return whether this attempt earned the first points of its learner in the course, so that the page says so once."""
    earned = [item.points_earned for item in outcome.grade.items if item.points_earned != "0"]
    return earned == [points_text(outcome.points_earned)]


def card_alone(request: HttpRequest, card: Card, assessment: Assessment, **extra: object) -> HttpResponse:
    """For a script, return only the card, with the running total or the navigator's cell, which change with it."""
    shown = {
        "card": card,
        "assessment": assessment,
        "next": return_address(request),
        "is_fresh": True,
        "is_preview": False,
    }
    context = {**shown, "is_refused": "refusal" in extra, **extra}
    return render(request, "quizzes/swapped.html", context)


@login_required
@require_POST
def draft(request: HttpRequest, question_id: str) -> HttpResponse:
    """Save a draft, which uses no attempt. A script gets the new revision and the time of the save."""
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
        state = {"revision": saved.revision, "saved_at": saved.saved_at, "words": time_in_words(saved.saved_at)}
        if saved.problem:
            state["problem"] = saved.problem
        return JsonResponse({**state, "is_blank": response is None})
    if saved.problem:
        messages.warning(request, _("%(problem)s: it earns no points as it is.") % {"problem": saved.problem})
    else:
        messages.success(request, _("Saved %(time)s. No attempt was used.") % {"time": time_in_words(saved.saved_at)})
    return redirect(return_address(request))


@login_required
@require_POST
def flag(request: HttpRequest, question_id: str) -> HttpResponse:
    """Flag a question to come back to, or remove the flag."""
    is_flagged = request.POST.get("is_flagged") == "1"
    services.set_flag(learner=request.user, question_id=question_id, is_flagged=is_flagged, now=request.now)
    return JsonResponse({"is_flagged": is_flagged}) if wants_json(request) else redirect(return_address(request))


@login_required
@require_POST
def send_report(request: HttpRequest, question_id: str) -> HttpResponse:
    """Report a problem with a question to the instructors."""
    try:
        services.report_question(
            learner=request.user,
            question_id=question_id.rpartition(MARK)[2],
            text=request.POST.get("text", ""),
            now=request.now,
        )
    except Refusal as refusal:
        if refusal.code in OF_THE_PAGE:
            raise
        if request.htmx:
            return message_alone(request, f"#q-{question_id}-report-refusal", refusal)
        messages.error(request, spoken(refusal))
        return redirect(return_address(request))
    thanks = _("Thank you. The instructors have your report and the question as you saw it.")
    if request.htmx:
        return render(request, "quizzes/thanks.html", {"thanks": thanks})
    messages.success(request, thanks)
    return redirect(return_address(request))


def show_refusal(request: HttpRequest, question_id: str, refusal: Refusal) -> HttpResponse:
    """Show the refusal's message in the card, with the typed response."""
    if wants_json(request):
        return JsonResponse(refusal_as_json(request, question_id, refusal), status=refusal.status)
    if request.htmx and refusal.code in ABOUT_THE_RESPONSE | OF_THE_PAGE:
        return message_alone(request, f"#q-{question_id}-refusal", refusal)
    if refusal.code in OF_THE_PAGE:
        raise refusal
    if request.htmx:
        card, assessment = current_card(request, question_id)
        if refusal.code in ABOUT_AN_OLD_PAGE and card.accepts_answers:
            typed = response_in(request.POST, question_id)
            card = replace(card, draft={"response": typed, "revision": card.revision})
        page = card_alone(request, card, assessment, refusal=refusal)
        page.status_code = refusal.status
        return page
    return show_refusal_on_page(request, question_id, refusal)


def message_alone(request: HttpRequest, target: str, refusal: Refusal) -> HttpResponse:
    """For a script, return only the message, which htmx puts into the element `target`."""
    return retarget(render(request, "quizzes/refusal.html", {"refusal": refusal}, status=refusal.status), target)


def retarget(message: HttpResponse, target: str) -> HttpResponse:
    """Let htmx put a message into the element `target` instead of replacing the card."""
    message["HX-Retarget"] = target
    message["HX-Reswap"] = "innerHTML"
    return message


def show_refusal_on_page(request: HttpRequest, question_id: str, refusal: Refusal) -> HttpResponse:
    """Without a script, show the whole page again with the refusal and the typed response."""
    paper = paper_with_question(request, question_id)
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


def refusal_as_json(request: HttpRequest, question_id: str, refusal: Refusal) -> dict[str, object]:
    """Return the refusal for a script. A stale draft comes with both responses in words, so the learner can choose."""
    fields: dict[str, Any] = {"code": refusal.code, "detail": refusal.sentence}
    if refusal.code == "stale_draft":
        card, _assessment = current_card(request, question_id)
        body, describe = card.body, card.type.describe
        fields |= {
            "revision": card.revision,
            "stored": describe(body, card.response),
            "yours": describe(body, response_in(request.POST, question_id)),
        }
    return fields


def current_card(request: HttpRequest, question_id: str) -> tuple[Card, Assessment]:
    """Return the question's card as it is now, and its assessment."""
    paper = paper_with_question(request, question_id)
    return card_on(paper, question_id), paper.assessment


def card_on(paper: Paper, question_id: str) -> Card:
    """Return a question's card. Raises Refusal sitting_paused, not_found."""
    card = paper.card(question_id)
    if card is None:
        raise Refusal("sitting_paused" if paper.is_paused else "not_found")
    return card


def paper_with_question(request: HttpRequest, question_id: str) -> Paper:
    if MARK in question_id:
        return ungraded_paper(request.user, question_id.partition(MARK)[0], request.now)
    assessment = assessment_of(question_id)
    learner_id = learner_or_preview(request.user, assessment.course_id)
    return paper_of(assessment=assessment, learner_id=learner_id, now=request.now)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def return_address(request: HttpRequest) -> str:
    """Return the address of the page that the form came from, or "/" if that is not on this site."""
    address = request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    # redirect() would take a single word for a view's name
    return address if is_here and address.startswith("/") else "/"


def time_in_words(at: datetime) -> str:
    return date_format(localtime(at), "H:i:s")
