"""A learner's weekly goal in a course, with what they did this week. Nobody else sees it."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone, get_current_timezone_name
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from course.selectors import course_by_slug
from foundation.mailers import sends_mail
from mail.selectors import destination_of
from people.access import learner_or_preview
from portal.goals.forms import USUAL_DAY, USUAL_HOUR, GoalForm
from portal.goals.rules.goals import week_of
from portal.goals.selectors import goal_seen, studied_in
from portal.goals.services import remove_study_goal, set_study_goal

if TYPE_CHECKING:
    from course.models import Course
    from portal.goals.models import StudyGoal


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def goal(request: HttpRequest, slug: str) -> HttpResponse:
    """Show and set the weekly goal and its reminder; the button Remove removes both."""
    course = course_by_slug(slug)
    is_learner = learner_or_preview(request.user, course.pk) is not None
    known = goal_seen(request.user.pk, course.pk)
    form = GoalForm(request.POST or None, initial=initial_of(known))
    if request.method == "POST":
        if request.POST.get("do") == "remove":
            remove_study_goal(user=request.user, course=course)
            messages.success(request, _("Your weekly goal was removed."))
            return redirect("goal", course.slug)
        if form.is_valid():
            save_goal(request, course, form)
            return redirect("goal", course.slug)
    week = week_of(request.now, known.zone if known else get_current_timezone())
    context = {
        "section": "course",
        "course": course,
        "form": form,
        "goal": known,
        "week": studied_in(course.pk, request.user.pk, week),
        "today": request.now.astimezone(week.zone).date(),
        "is_learner": is_learner,
        "sends_mail": sends_mail(),
        "mail_address": destination_of(request.user, course.pk).address,
    }
    return render(request, "portal/goal.html", context)


def save_goal(request: HttpRequest, course: "Course", form: GoalForm) -> None:
    set_study_goal(
        user=request.user,
        course=course,
        unit=form.cleaned_data["unit"],
        amount=form.cleaned_data["amount"],
        zone=get_current_timezone_name(),
        now=request.now,
        reminder=form.reminder(),
    )
    messages.success(request, _("Saved. Home shows your week."))


def initial_of(goal: "StudyGoal | None") -> dict[str, object]:
    """Return what the form shows of a goal, with a usual time if it has no reminder."""
    if goal is None:
        return {}
    is_reminded = goal.reminder_day is not None
    times = (goal.reminder_day, goal.reminder_hour) if is_reminded else (USUAL_DAY, USUAL_HOUR)
    return {"unit": goal.unit, "amount": goal.amount, "is_reminded": is_reminded, "day": times[0], "hour": times[1]}
