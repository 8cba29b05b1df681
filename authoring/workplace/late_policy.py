"""The late policies of a course: a table, and the form that changes one after a preview of the grades that move."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from authoring.forms.late import LatePolicyForm
from authoring.refusals import Refusal
from authoring.services import LatePlace, Publication, late_places, late_policy_changed, publish
from authoring.workplace.publishing import asked_before, confirmed_in
from people.gate import needs, workplace_page
from people.rules.roles import Permission

if TYPE_CHECKING:
    from course.models import Course

COURSE = "course"  # `of=` the whole course


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.CHANGE_POLICY, asks={"of"})
def late_policy(request: HttpRequest, course: "Course") -> HttpResponse:
    """List the late policies, with a form for one of them (`of=`). A POST changes it, or shows first who would move."""
    places = late_places(course_id=course.pk)
    chosen = place_called(request, places)
    initial = chosen and (chosen.own or {"inherits": bool(chosen.activity)})
    form = LatePolicyForm(request.POST or None, initial=initial, of_course=chosen is None or not chosen.activity)
    if chosen is None or not form.is_bound or not form.is_valid():
        return show_policies(request, course, places, chosen, form, status=400 if form.is_bound else 200)
    try:
        edit = late_policy_changed(course=course, activity=chosen.activity, policy=form.policy, editor=request.user)
        done = publish(edit=edit, confirmed=confirmed_in(request), now=request.now)
    except Refusal as refusal:
        return show_policies(request, course, places, chosen, form, status=refusal.status, mistakes=[refusal.sentence])
    if done.mistakes:
        mistakes = [str(mistake) for mistake in done.mistakes]
        return show_policies(request, course, places, chosen, form, status=400, mistakes=mistakes)
    if not done.is_written:
        return show_policies(request, course, places, chosen, form, status=409, plan=done)
    sentence = _("Saved. Loading the course folder no longer overwrites {path}.")
    messages.success(request, sentence.format(path=chosen.path))
    return redirect("late_policy", course.slug)


def place_called(request: HttpRequest, places: Sequence[LatePlace]) -> LatePlace | None:
    """Return the place that `of=` names, or None without it. Raises Refusal not_found."""
    name = request.GET.get("of", "")
    if not name:
        return None
    late_place = next((candidate for candidate in places if (candidate.activity or COURSE) == name), None)
    if late_place is None:
        raise Refusal("not_found")
    return late_place


def show_policies(
    request: HttpRequest,
    course: "Course",
    places: Sequence[LatePlace],
    chosen: LatePlace | None,
    form: LatePolicyForm,
    *,
    status: int,
    plan: Publication | None = None,
    mistakes: Sequence[str] = (),
) -> HttpResponse:
    return workplace_page(
        request,
        course,
        "authoring/late_policy.html",
        section="settings",
        title=_("Late answers"),
        status=status,
        places=places,
        chosen=chosen,
        form=form,
        mistakes=mistakes,
        **asked_before(plan),
    )
