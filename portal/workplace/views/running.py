"""Running exams: the time left, minutes for one, several or all, and minutes for an outage."""

from datetime import timedelta
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from portal.refusals import Refusal
from portal.workplace.forms import MinutesForm
from portal.workplace.gate import for_instructors, workplace_page
from portal.workplace.views.outcome_messages import attempted, clock_words, tell
from quizzes.selectors import outages_to_make_good, running_sittings
from quizzes.services import Extended, add_minutes, settle_due

if TYPE_CHECKING:
    from course.models import Course
    from quizzes.models import Sitting


@require_http_methods(["GET", "HEAD", "POST"])
@for_instructors
def running_exams(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the list. A POST previews minutes for the chosen sittings or for all, and adds them once confirmed."""
    settle_due(now=request.now, course_id=course.pk)
    form = MinutesForm(request.POST or None, initial={"key": token_hex(8), "minutes": 10})
    sittings = list(running_sittings(course.pk, request.now))
    chosen = chosen_in(request, sittings)
    if not form.is_bound:
        return show_running(request, course, form, sittings, chosen)
    if not chosen:
        form.add_error(None, _("Choose the exams to extend, or preview the minutes for all of them."))
    elif not any(sitting.pk in chosen for sitting in sittings):
        form.add_error(None, Refusal("sitting_settled").sentence)
    if not form.is_valid():
        return show_running(request, course, form, sittings, chosen, status=400)
    expected = minutes_confirmed(chosen, form)
    if "confirmed" not in request.POST:
        return show_running(request, course, form, with_new_ends(sittings, chosen, form), chosen, expected=expected)
    if request.POST.get("expected") != expected:
        form.add_error(None, Refusal("preview_stale").sentence)
        rows = with_new_ends(sittings, chosen, form)
        return show_running(request, course, form, rows, chosen, status=409, expected=expected)
    done = attempted(form, lambda: extend(request, course, chosen, form.cleaned_data))
    if done is None:
        return show_running(request, course, form, sittings, chosen, status=400)
    announce_minutes(request, done)
    return redirect("running", course.slug)


def chosen_in(request: HttpRequest, sittings: list["Sitting"]) -> list[str]:
    """Return the ids that the form names, or those of every running sitting."""
    return [sitting.pk for sitting in sittings] if "all" in request.POST else request.POST.getlist("sitting")


def minutes_confirmed(chosen: list[str], form: BaseForm) -> str:
    """Return what a preview shows, so that only that can be confirmed."""
    return f"{form.cleaned_data['minutes']}:{','.join(sorted(chosen))}"


def show_running(
    request: HttpRequest,
    course: "Course",
    form: BaseForm,
    sittings: list["Sitting"],
    chosen: list[str],
    *,
    status: int = 200,
    expected: str = "",
) -> HttpResponse:
    return workplace_page(
        request,
        course,
        "running",
        section="running",
        title=_("Running exams"),
        status=status,
        sittings=sittings,
        expected=expected,
        outages=outages_to_make_good(course.pk, request.now),
        chosen=chosen,
        number=sum(hasattr(sitting, "would_end_at") for sitting in sittings),
        minutes=form.cleaned_data["minutes"] if expected else 0,
        now=request.now,
        form=form,
    )


def with_new_ends(sittings: list["Sitting"], chosen: list[str], form: BaseForm) -> list["Sitting"]:
    """Return the chosen sittings with the end that each would get."""
    for sitting in sittings:
        if sitting.pk in chosen:
            sitting.would_end_at = sitting.deadline_at + timedelta(minutes=form.cleaned_data["minutes"])
    return sittings


@require_POST
@for_instructors
def make_good(request: HttpRequest, course: "Course") -> HttpResponse:
    """Preview the minutes that an outage took, for the sittings that were open in it and still run.

    The preview is confirmed as any other on the page of running exams.
    """
    outages = outages_to_make_good(course.pk, request.now)
    outage = next((found for found in outages if found.key == request.POST.get("outage")), None)
    if outage is None or not outage.running:
        raise Refusal("outage_over" if outage is None else "sitting_settled")
    reason = _("Finalcheck was out of service from %(began)s to %(ended)s (UTC).")
    said = reason % {"began": f"{outage.began_at:%H:%M}", "ended": f"{outage.ended_at:%H:%M}"}
    form = MinutesForm({"minutes": min(outage.minutes, 600), "key": outage.key, "reason": said})
    form.full_clean()
    chosen = [found.pk for found in outage.running]
    sittings = with_new_ends(list(running_sittings(course.pk, request.now)), chosen, form)
    return show_running(request, course, form, sittings, chosen, expected=minutes_confirmed(chosen, form))


def extend(request: HttpRequest, course: "Course", sitting_ids: list[str], facts: dict[str, Any]) -> Extended:
    return add_minutes(course=course, sitting_ids=sitting_ids, author=request.user, now=request.now, **facts)


def announce_minutes(request: HttpRequest, done: Extended) -> None:
    if len(done.extensions) == 1:
        extension = done.extensions[0]
        words = _("%(name)s has %(minutes)d more minutes, until %(end)s.") % {
            "name": extension.sitting.learner.get_full_name(),
            "minutes": extension.minutes,
            "end": clock_words(extension.deadline_after),
        }
    else:
        number = len(done.extensions)
        words = ngettext("%d exam has more time.", "%d exams have more time.", number) % number
    if done.repeated:
        words += " " + _("You sent the form twice; the minutes were added once.")
    if done.settled:
        words += " " + _("%d exams had already ended. Void them to let their learners take the exam again.") % len(
            done.settled
        )
    tell(request, words)
