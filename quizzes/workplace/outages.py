"""Give learners the time back that they lost in an outage (D20)."""

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from foundation.frame.outcomes import attempted, tell
from people.gate import needs, workplace_page
from people.rules.roles import Permission
from quizzes.forms import OutageForm
from quizzes.refusals import Refusal
from quizzes.rules.timing import deadline_as_of
from quizzes.selectors import outages_to_make_good, sittings_given
from quizzes.services import add_time
from quizzes.workplace.running import words_of_time

if TYPE_CHECKING:
    from course.models import Course
    from quizzes.selectors import OutageToMakeGood

LONGEST = 36_000  # seconds that can be added at a time


@require_POST
@needs(Permission.EXTEND)
def make_good(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show how much time an outage took from each exam that still runs, and give it back to the chosen ones once
    confirmed.

    Every exam is chosen at first if nobody but us can have caused the outage, otherwise none.
    """
    key, chosen = request.POST.get("outage", ""), set(request.POST.getlist("sitting"))
    if "confirmed" in request.POST and chosen and chosen <= sittings_given(key, course.pk):
        tell(request, _("You sent the form twice; the time was added once."))
        return redirect(reverse("running", args=[course.slug]))
    outage = next((outage for outage in outages_to_make_good(course.pk, request.now) if outage.key == key), None)
    if outage is None or not outage.lost:
        raise Refusal("outage_over" if outage is None else "sitting_settled")
    if "confirmed" not in request.POST:
        form = OutageForm(initial={"expected": digest_shown(outage), "reason": reason_for(outage)})
        return show_outage(request, course, form, outage, {loss.sitting.pk for loss in outage.offered})
    form = OutageForm(request.POST)
    times = {loss.sitting.pk: min(loss.seconds, LONGEST) for loss in outage.lost if loss.sitting.pk in chosen}
    if not times:
        form.add_error(None, _("Choose the exams that get the time back."))
    if not form.is_valid():
        return show_outage(request, course, form, outage, chosen, status=400)
    if form.cleaned_data["expected"] != digest_shown(outage):
        form.add_error(None, Refusal("preview_stale").sentence)
        return show_outage(request, course, fresh(form, outage), outage, chosen, status=409)
    arguments = {"course": course, "author": request.user, "now": request.now, "reason": form.cleaned_data["reason"]}
    done = attempted(form, lambda: add_time(sitting_ids=list(times), seconds=times, key=outage.key, **arguments))
    if done is None:
        return show_outage(request, course, form, outage, chosen, status=400)
    tell(request, words_of_time(done))
    return redirect(reverse("running", args=[course.slug]))


def fresh(form: OutageForm, outage: "OutageToMakeGood") -> OutageForm:
    """Let the page be confirmed as it is now."""
    form.data = {**form.data.dict(), "expected": digest_shown(outage)}
    return form


def digest_shown(outage: "OutageToMakeGood") -> str:
    """Return what the page shows, so that only that can be confirmed."""
    shown = [outage.key, outage.cause, *(f"{loss.sitting.pk}:{loss.seconds}:{loss.is_holders}" for loss in outage.lost)]
    return sha256(" ".join(shown).encode()).hexdigest()


def reason_for(outage: "OutageToMakeGood") -> str:
    """Return the reason for an outage that we caused. For a full server, the instructor has to write one."""
    if not outage.is_offered:
        return ""
    reason = _("Finalcheck was out of service from %(began)s to %(ended)s (UTC).")
    return reason % {"began": f"{outage.began_at:%H:%M:%S}", "ended": f"{outage.ended_at:%H:%M:%S}"}


def show_outage(
    request: HttpRequest,
    course: "Course",
    form: OutageForm,
    outage: "OutageToMakeGood",
    chosen: set[str],
    *,
    status: int = 200,
) -> HttpResponse:
    for loss in outage.lost:
        ends_at = deadline_as_of(loss.sitting.clock, request.now)
        loss.sitting.would_end_at = ends_at and ends_at + timedelta(seconds=min(loss.seconds, LONGEST))
    return workplace_page(
        request,
        course,
        "quizzes/workplace/outage.html",
        section="running",
        title=_("Time lost in an outage"),
        status=status,
        form=form,
        outage=outage,
        chosen=chosen,
        now=request.now,
    )
