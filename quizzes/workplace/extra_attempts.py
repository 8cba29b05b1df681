"""Extra attempts at the questions of an assessment, for one learner, several or a group."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from foundation.frame.outcomes import attempted, tell
from foundation.numbers import number_in
from people.access import learner_in, refuse_out_of_sight
from people.gate import needs, page_of_rows, whose_notes, workplace_page
from people.rules.roles import Permission
from people.selectors import group_names, learners_by_id, learners_in
from quizzes.forms import ExtraAttemptsForm
from quizzes.refusals import Refusal
from quizzes.rules.names import assessment_name
from quizzes.selectors import assessments_of, extra_attempts_given, extra_attempts_notes
from quizzes.services import give_extra_attempts, plan_extra_attempts, remove_extra_attempts_note, settle_due

if TYPE_CHECKING:
    from course.models import Course
    from quizzes.services import ExtraAttemptsPlan

ROWS = 25


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EXTEND, asks={"learner", "page"}, for_limited=True)
def extra_attempts(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show what was given, and the form. A POST previews it; with `confirmed`, it does it. `do=remove_note` deletes a note."""
    if request.POST.get("do") == "remove_note":
        return without_attempts_note(request, course)
    settle_due(now=request.now, course_id=course.pk)
    form = form_for(request, course)
    plan = None
    if form.is_bound and form.is_valid():
        asked = asked_in(request, course, form) | {"now": request.now}
        if not form.errors and "confirmed" in request.POST:
            arguments = {"reason": form.cleaned_data["reason"], "author": request.user, **asked}
            done = attempted(form, lambda: give_extra_attempts(expected=request.POST.get("expected"), **arguments))
            if done is not None:
                tell(request, words_of(done))
                return redirect("extra_attempts", course.slug)
        elif not form.errors:
            plan = attempted(form, lambda: plan_extra_attempts(**asked))
    rows = page_of_rows(request, extra_attempts_given(course.pk, sight=request.sight), ROWS)
    notes = extra_attempts_notes([row.pk for row in rows], whose_notes(request))
    steps = plan.steps if plan else ()
    people = learners_by_id(course.pk, [*(row.learner_id for row in rows), *(step.learner_id for step in steps)])
    return workplace_page(
        request,
        course,
        "quizzes/workplace/extra_attempts.html",
        section="gradebook",
        title=_("Extra attempts"),
        status=400 if form.errors else 200,
        form=form,
        plan=plan,
        steps=[(step, people[step.learner_id]) for step in steps],
        rows=rows,
        records=[(row, people.get(row.learner_id), notes.get(row.pk, "")) for row in rows],
    )


def form_for(request: HttpRequest, course: "Course") -> ExtraAttemptsForm:
    """Return the form; if the address names a learner, it is filled in for them."""
    initial: dict[str, object] = {"extra": 1}
    if learner_id := number_in(request.GET, "learner"):
        refuse_out_of_sight(request.sight, learner_id, is_for_limited=True)
        initial["learners"] = learner_in(course.pk, learner_id).user.username
    choices = {
        "assessments": [(assessment.pk, assessment_name(assessment)) for assessment in assessments_of(course.pk)],
        "groups": group_names(course),
    }
    return ExtraAttemptsForm(request.POST or None, initial=initial, **choices)


def asked_in(request: HttpRequest, course: "Course", form: ExtraAttemptsForm) -> dict[str, Any]:
    """Return what the form asks for. Usernames that no learner has become an error of the form."""
    names, group = form.usernames, form.cleaned_data.get("group", "")
    learners = learners_in(course.pk, sight=request.sight)
    named = dict(learners.filter(user__username__in=names).values_list("user__username", "user"))
    if unknown := [name for name in names if name not in named]:
        form.add_error("learners", _("No learner of the course is called “%s”.") % unknown[0])
    in_group = learners_in(course.pk, group=group, sight=request.sight).values_list("user", flat=True) if group else ()
    return {
        "course": course,
        "assessment_id": form.cleaned_data["assessment"],
        "extra": form.cleaned_data["extra"],
        "learner_ids": {*named.values(), *in_group},
    }


def words_of(done: "ExtraAttemptsPlan") -> str:
    number, skipped = len(done.changes), len(done.steps) - len(done.changes)
    words = ngettext("Saved for %d learner.", "Saved for %d learners.", number) % number
    if skipped:
        words += " " + ngettext("Nothing changed for %d other.", "Nothing changed for %d others.", skipped) % skipped
    return words


def without_attempts_note(request: HttpRequest, course: "Course") -> HttpResponse:
    chosen = number_in(request.POST, "record") or 0
    if request.sight.is_limited and not extra_attempts_given(course.pk, sight=request.sight).filter(pk=chosen).exists():
        raise Refusal("not_found")
    who = {"author": request.user, "written_by": whose_notes(request), "now": request.now}
    remove_extra_attempts_note(course=course, record_id=chosen, **who)
    tell(request, _("The note is deleted. The extra attempts did not change."))
    return redirect("extra_attempts", course.slug)
