"""A learner's daily practice in a course: what waits today, and one question after the other. Nobody else sees it."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone, get_current_timezone_name
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from course.selectors import course_by_slug
from foundation.mailers import sends_mail
from mail.selectors import destination_of
from people.access import learner_or_preview, refuse_unless_working
from practice.forms import USUAL_HOUR, PracticeReminderForm
from practice.refusals import Refusal
from practice.selectors import practice_day, practice_plan, question_to_practice, refuse_practice_in_exam
from practice.services import practice_question, set_practice_reminder
from quizzes.forms import response_in
from quizzes.selectors import has_running_exam

if TYPE_CHECKING:
    from course.models import Course
    from practice.models import PracticePlan
    from practice.rules.days import PracticeDay
    from practice.services import PracticedQuestion
    from quizzes.selectors import PracticeCard

ABOUT_THE_RESPONSE = {"blank_response", "invalid_response"}


@login_required
@require_safe
def practice_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how many questions wait today, or that the day's work is done and when it goes on."""
    course = course_by_slug(slug)
    is_learner = learner_or_preview(request.user, course.pk) is not None
    is_waiting = is_learner and has_running_exam(request.user.pk, request.now)
    day = None if not is_learner or is_waiting else day_of(request, course)
    known = practice_plan(request.user.pk, course.pk)
    context = {
        "section": "course",
        "course": course,
        "is_learner": is_learner,
        "is_waiting": is_waiting,
        "day": day,
        "cells": [] if day is None else cells_of(day.done, day.total),
        "form": PracticeReminderForm(initial=initial_of_reminder(known)),
        "sends_mail": sends_mail(),
        "mail_address": destination_of(request.user, course.pk).address,
    }
    return render(request, "practice/day.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def practice_now(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the next question of the day, and answer a response with the verdict and the worked solution."""
    course = course_by_slug(slug)
    refuse_unless_working(request.user, course)
    refuse_practice_in_exam(request.user.pk, request.now)
    if request.method == "POST":
        return checked_response(request, course)
    day = day_of(request, course)
    if not day.left:
        return redirect("practice_page", course.slug)
    return question_page(request, course, asked_question(request, course, day.left[0]), day)


@login_required
@require_POST
def practice_reminder(request: HttpRequest, slug: str) -> HttpResponse:
    """Set the reminder by email, or end it."""
    course = course_by_slug(slug)
    refuse_unless_working(request.user, course)
    form = PracticeReminderForm(request.POST)
    if form.is_valid():
        hour = form.wanted_hour()
        zone = get_current_timezone_name()
        set_practice_reminder(user=request.user, course=course, hour=hour, zone=zone, now=request.now)
        messages.success(request, _("You get no reminders of practice.") if hour is None else _("Saved."))
    return redirect("practice_page", course.slug)


def checked_response(request: HttpRequest, course: "Course") -> HttpResponse:
    question_id = request.POST.get("question", "")
    response = response_in(request.POST, question_id)
    try:
        practiced = practice_question(
            learner=request.user,
            course=course,
            question_id=question_id,
            response=response,
            zone=get_current_timezone(),
            now=request.now,
        )
    except Refusal as refusal:
        if refusal.code not in ABOUT_THE_RESPONSE:
            raise
        asked = asked_question(request, course, question_id)
        return question_page(request, course, asked, day_of(request, course), response, refusal)
    return verdict_page(request, course, practiced, response)


def question_page(
    request: HttpRequest,
    course: "Course",
    asked: "PracticeCard",
    day: "PracticeDay",
    response: object = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    context = {
        **shared_context(course, asked),
        "number": day.done + 1,
        "total": max(day.total, day.done + 1),
        "cells": cells_of(day.done, day.total, is_asked=True),
        "controls": asked.card.type.context(asked.card.body, response, None),
        "refusal": refusal,
    }
    return render(request, "practice/question.html", context, status=refusal.status if refusal else 200)


def verdict_page(
    request: HttpRequest, course: "Course", practiced: "PracticedQuestion", response: object
) -> HttpResponse:
    card, day = practiced.asked.card, practiced.day
    key = card.feedback.key if card.feedback else None
    context = {
        **shared_context(course, practiced.asked),
        "number": max(day.done, 1),
        "total": max(day.total, 1),
        "cells": cells_of(day.done, day.total),
        "controls": card.type.context(card.body, response, key),
        "practiced": practiced,
        "is_last": not day.left,
    }
    return render(request, "practice/verdict.html", context)


def shared_context(course: "Course", asked: "PracticeCard") -> dict[str, object]:
    return {
        "section": "course",
        "course": course,
        "asked": asked,
        "card": asked.card,
        "has_math": asked.card.version.has_math,
    }


def day_of(request: HttpRequest, course: "Course") -> "PracticeDay":
    whose = {"course_id": course.pk, "learner_id": request.user.pk}
    return practice_day(**whose, zone=get_current_timezone(), now=request.now)


def asked_question(request: HttpRequest, course: "Course", question_id: str) -> "PracticeCard":
    return question_to_practice(course=course, learner_id=request.user.pk, question_id=question_id, now=request.now)


def cells_of(done: int, total: int, *, is_asked: bool = False) -> list[str]:
    """Return the day as a row of cells: one for each question, full once it is done."""
    ahead = ["open"] * (total - done)
    return ["done"] * done + (["now", *ahead[1:]] if is_asked and ahead else ahead)


def initial_of_reminder(plan: "PracticePlan | None") -> dict[str, object]:
    """Return what the form shows of a reminder, with a usual hour if none is set."""
    hour = None if plan is None else plan.reminder_hour
    return {"is_reminded": hour is not None, "hour": USUAL_HOUR if hour is None else hour}
