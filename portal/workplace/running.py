"""The exams that run: how much time is left, more of it for one, several or all, and for what an outage took."""

from datetime import timedelta
from secrets import token_hex
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from course.rules.refusals import Refusal
from portal.forms.workplace import Minutes
from portal.workplace.acting import attempted, clock_words, tell
from portal.workplace.gate import for_instructors, page
from quizzes.selectors import outages_to_make_good, running_sittings
from quizzes.services import Extended, add_minutes, settle_due


@require_http_methods(["GET", "HEAD", "POST"])
@for_instructors
def running(request: HttpRequest, course: Any) -> HttpResponse:
    """The list; a POST adds minutes to the chosen sittings, or to all."""
    settle_due(now=request.now, course_id=course.pk)
    form = Minutes(request.POST or None, initial={"key": token_hex(8), "minutes": 10})
    chosen = request.POST.getlist("sitting")
    if form.is_bound:
        if not chosen and not {"all", "preview"} & request.POST.keys():
            form.add_error(None, _("Choose whose time is to grow, or add the minutes to all."))
        ids = None if "all" in request.POST else chosen
        is_preview = "preview" in request.POST
        if (
            form.is_valid()
            and not is_preview
            and (done := attempted(form, lambda: extend(request, course, ids, form.cleaned_data)))
        ):
            say(request, done)
            return redirect("running", course.slug)
    sittings = list(running_sittings(course.pk, request.now))
    return page(
        request,
        course,
        "running",
        section="running",
        title=_("Running exams"),
        status=400 if form.errors else 200,
        sittings=with_new_ends(sittings, chosen, form) if form.is_bound and form.is_valid() else sittings,
        is_preview=form.is_bound and form.is_valid(),
        outages=outages_to_make_good(course.pk, request.now),
        chosen=chosen,
        now=request.now,
        form=form,
    )


def with_new_ends(sittings: list[Any], chosen: list[str], form: Any) -> list[Any]:
    """The preview: when each of the chosen sittings would end, of all of them where none is chosen."""
    for sitting in sittings:
        if not chosen or sitting.pk in chosen:
            sitting.would_end_at = sitting.deadline_at + timedelta(minutes=form.cleaned_data["minutes"])
    return sittings


@require_POST
@for_instructors
def make_good(request: HttpRequest, course: Any) -> HttpResponse:
    """One click: the minutes that an outage of ours took, for the sittings that were open in it and still run."""
    outages = outages_to_make_good(course.pk, request.now)
    outage = next((found for found in outages if found.key == request.POST.get("outage")), None)
    if outage is None or not outage.running:
        raise Refusal("outage_over" if outage is None else "sitting_settled")
    facts = {
        "minutes": min(outage.minutes, 600),
        "key": outage.key,
        "reason": _("Finalcheck was out of service from %(began)s to %(ended)s (UTC).")
        % {"began": f"{outage.began_at:%H:%M}", "ended": f"{outage.ended_at:%H:%M}"},
    }
    say(request, extend(request, course, [found.pk for found in outage.running], facts))
    return redirect(request.POST.get("next") if request.POST.get("next") == "dashboard" else "running", course.slug)


def extend(request: HttpRequest, course: Any, sitting_ids: list[str] | None, facts: dict[str, Any]) -> Extended:
    return add_minutes(course=course, sitting_ids=sitting_ids, author=request.user, now=request.now, **facts)


def say(request: HttpRequest, done: Extended) -> None:
    if len(done.extensions) == 1:
        extension = done.extensions[0]
        words = _("%(name)s has %(minutes)d minutes more, until %(end)s.") % {
            "name": extension.sitting.learner.get_full_name(),
            "minutes": extension.minutes,
            "end": clock_words(extension.deadline_after),
        }
    else:
        number = len(done.extensions)
        words = ngettext("%d exam has more time.", "%d exams have more time.", number) % number
    if done.repeated:
        words += " " + _("What was sent twice was added once.")
    if done.settled:
        words += " " + _("%d were settled already; void them if their learners should sit again.") % len(done.settled)
    tell(request, words)
