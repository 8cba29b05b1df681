"""Running exams: the time left; minutes and pauses for one, several or all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from foundation.frame.outcomes import attempted, clock_words, tell
from foundation.moments import duration_text
from people.gate import choice, needs, workplace_page
from people.rules.roles import Permission
from people.selectors import group_names
from quizzes.forms import RunningForm
from quizzes.refusals import Refusal
from quizzes.rules.timing import deadline_as_of, is_paused, is_time_up
from quizzes.selectors import assessments_of, outages_to_make_good, running_sittings, sittings_of_holders
from quizzes.services import Extended, Paused, Resumed, add_minutes, pause_sittings, resume_sittings, settle_due

if TYPE_CHECKING:
    from course.models import Course
    from quizzes.models import Sitting


@dataclass(frozen=True)
class RunningFilter:
    """What the address asks for: one group or "", one exam or "". `exams` are the titles of all of them by id."""

    group: str
    exam: str
    exams: Mapping[str, str]

    @property
    def query(self) -> str:
        """Return the end of an address that asks for the same again, "" for everyone."""
        asked = {name: value for name, value in (("group", self.group), ("exam", self.exam)) if value}
        return f"?{urlencode(asked)}" if asked else ""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EXTEND, asks={"group", "exam"}, for_limited=True)
def running_exams(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show the list, of one group and one exam or all. A POST previews an action on the chosen sittings or on all that are
    listed, and does it once confirmed.
    """
    settle_due(now=request.now, course_id=course.pk)
    initial = {"key": token_hex(8), "action": "extend", "minutes": 10, "hours": 24}
    form = RunningForm(request.POST or None, initial=initial)
    asked, sittings = listed_sittings(request, course)
    chosen = chosen_in(request, sittings)
    if not form.is_bound:
        return show_running(request, course, form, asked, sittings, chosen)
    if not chosen:
        form.add_error(None, _("Choose exams, or preview the action for all of them."))
    elif not any(sitting.pk in chosen for sitting in sittings):
        form.add_error(None, Refusal("sitting_settled").sentence)
    elif any(sitting.is_untimed and sitting.pk in chosen for sitting in sittings):
        form.add_error(None, Refusal("no_time_limit").sentence)
    if not form.is_valid():
        return show_running(request, course, form, asked, sittings, chosen, status=400)
    rows, expected = with_effects(sittings, chosen, form, request.now), effect_confirmed(chosen, form)
    if "confirmed" not in request.POST:
        if not any(hasattr(sitting, "would_end_at") for sitting in rows):
            form.add_error(None, UNFIT[form.cleaned_data["action"]])
            return show_running(request, course, form, asked, sittings, chosen, status=400)
        return show_running(request, course, form, asked, rows, chosen, expected=expected)
    if request.POST.get("expected") != expected:
        form.add_error(None, Refusal("preview_stale").sentence)
        return show_running(request, course, form, asked, rows, chosen, status=409, expected=expected)
    words = attempted(form, lambda: act_on(request, course, chosen, form.cleaned_data))
    if words is None:
        return show_running(request, course, form, asked, sittings, chosen, status=400)
    tell(request, words)
    return redirect(f"{reverse('running', args=[course.slug])}{asked.query}")


def listed_sittings(request: HttpRequest, course: "Course") -> tuple[RunningFilter, list["Sitting"]]:
    """Return what the address asks for, and the running sittings that it shows. Raises Refusal query_unfit."""
    group = choice(request, "group", ("", *group_names(course)), "")
    sittings = list(running_sittings(course.pk, request.now, group=group, sight=request.sight))
    exams = {exam.pk: exam.title for exam in assessments_of(course.pk) if exam.kind == "exam"}
    exams |= {sitting.assessment_id: sitting.assessment.title for sitting in sittings}  # also one that was removed
    exam = choice(request, "exam", ("", *exams), "")
    listed = [sitting for sitting in sittings if exam in ("", sitting.assessment_id)]
    return RunningFilter(group, exam, exams), listed


# What to say of an action that would change none of the chosen exams.
UNFIT = {
    "pause": gettext_lazy("The chosen exams are paused already, or their time is up. Choose exams with time left."),
    "resume": gettext_lazy("The chosen exams are not paused, so their clocks run already. Choose paused exams."),
}


def chosen_in(request: HttpRequest, sittings: list["Sitting"]) -> set[str]:
    """Return the ids that the form names, or those of every running sitting with a time limit, if there is one.

    When minutes are added, all leaves out learners whose requests held a full server (D20). A form can name them.
    """
    if "all" not in request.POST:
        named = set(request.POST.getlist("sitting"))
        return named & {sitting.pk for sitting in sittings} if request.sight.is_limited else named
    timed = {sitting.pk for sitting in sittings if not sitting.is_untimed}
    everyone = timed or {sitting.pk for sitting in sittings}
    is_extending = request.POST.get("action", "extend") == "extend"
    return everyone - sittings_of_holders(sittings) if is_extending else everyone


def effect_confirmed(chosen: set[str], form: RunningForm) -> str:
    """Return what a preview shows, so that only that can be confirmed."""
    return f"{form.cleaned_data['action']}:{form.number}:{','.join(sorted(chosen))}"


def show_running(
    request: HttpRequest,
    course: "Course",
    form: RunningForm,
    asked: RunningFilter,
    sittings: list["Sitting"],
    chosen: set[str],
    *,
    status: int = 200,
    expected: str = "",
) -> HttpResponse:
    return workplace_page(
        request,
        course,
        "quizzes/workplace/running.html",
        section="running",
        title=_("Running exams"),
        status=status,
        sittings=sittings,
        expected=expected,
        outages=() if request.sight.is_limited else outages_to_make_good(course.pk, request.now),
        chosen=chosen,
        of_holders=sittings_of_holders(sittings),
        are_untimed=any(sitting.is_untimed for sitting in sittings),
        pausing={
            sitting.pk for sitting in sittings if hasattr(sitting, "would_end_at") and sitting.would_end_at is None
        },
        number=sum(hasattr(sitting, "would_end_at") for sitting in sittings),
        action=form.cleaned_data["action"] if expected else "",
        minutes=form.cleaned_data.get("minutes") if expected else 0,
        now=request.now,
        form=form,
        groups=group_names(course),
        group=asked.group,
        exams=asked.exams,
        exam=asked.exam,
        here=asked.query,
    )


def with_effects(sittings: list["Sitting"], chosen: set[str], form: RunningForm, now: datetime) -> list["Sitting"]:
    """Return the sittings; those that the action would change with `would_end_at`, which is None for a pause."""
    for sitting in sittings:
        if sitting.pk in chosen:
            set_effect(sitting, form, now)
    return sittings


def set_effect(sitting: "Sitting", form: RunningForm, now: datetime) -> None:
    if sitting.is_untimed:
        return
    is_stopped = is_paused(sitting.clock, now)
    ends_at = deadline_as_of(sitting.clock, now)
    match form.cleaned_data["action"]:
        case "extend" if ends_at is not None:
            sitting.would_end_at = ends_at + timedelta(minutes=form.cleaned_data["minutes"])
        case "pause" if not is_stopped and not is_time_up(sitting.clock, now):
            sitting.would_end_at = None
        case "resume" if is_stopped:
            sitting.would_end_at = ends_at


def act_on(request: HttpRequest, course: "Course", sitting_ids: set[str], asked: dict[str, Any]) -> str:
    """Do what the form says, and return what to tell about it."""
    arguments = {"course": course, "sitting_ids": sitting_ids, "author": request.user, "now": request.now}
    arguments["reason"] = asked["reason"]
    match asked["action"]:
        case "pause":
            return words_of_pauses(pause_sittings(hours=asked["hours"], **arguments))
        case "resume":
            return words_of_resumptions(resume_sittings(**arguments))
        case _:
            return words_of_time(add_minutes(minutes=asked["minutes"], key=asked["key"], **arguments))


def words_of_pauses(done: Paused) -> str:
    number, repeated, over = len(done.pauses), len(done.repeated), len(done.over)
    words = [
        number and ngettext("%d exam is paused.", "%d exams are paused.", number) % number,
        repeated and ngettext("%d exam was paused already.", "%d exams were paused already.", repeated) % repeated,
        over and ngettext("%d exam had no time left.", "%d exams had no time left.", over) % over,
    ]
    return " ".join(part for part in words if part)


def words_of_resumptions(done: Resumed) -> str:
    number = len(done.resumptions)
    words = ngettext("%d exam runs again.", "%d exams run again.", number) % number
    repeated = len(done.repeated)
    if repeated:
        words += " " + ngettext("%d exam was not paused.", "%d exams were not paused.", repeated) % repeated
    return words


def words_of_time(done: Extended) -> str:
    if len(done.extensions) == 1:
        extension = done.extensions[0]
        words = _("%(name)s has %(time)s more, until %(end)s.") % {
            "name": extension.sitting.learner.get_full_name(),
            "time": duration_text(extension.seconds),
            "end": clock_words(extension.deadline_after),
        }
    else:
        number = len(done.extensions)
        words = ngettext("%d exam has more time.", "%d exams have more time.", number) % number
    if done.repeated:
        words += " " + _("You sent the form twice; the time was added once.")
    if done.settled:
        words += " " + _("%d exams had already ended. Void them to let their learners take the exam again.") % len(
            done.settled
        )
    return words
