"""Later dates for one learner: the form, the dates in force, and the history with its private notes."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from course.rules.own_dates import NOTHING_OWN, sourced_dates
from foundation.frame.outcomes import attempted, tell
from foundation.numbers import number_in
from grading.services import settle_grades
from grading.services.previews import Shift
from people.access import learner_in
from people.gate import needs, whose_notes, workplace_page
from people.rules.roles import Permission
from people.selectors import date_extension_notes, date_extensions_of, own_dates
from people.services import remove_extension_note
from portal.allowances.forms import DatesForm
from portal.allowances.selectors.activity_dates import dated_activities
from portal.allowances.services import extend_activity, preview_extension

if TYPE_CHECKING:
    from course.models import Course
    from people.models import DateExtension


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EXTEND, for_limited=True)
def learner_dates(request: HttpRequest, course: "Course", learner_id: int) -> HttpResponse:
    """Show everyone's dates and this learner's, and the form for later ones. With `do=remove_note`, delete a note."""
    enrollment = learner_in(course.pk, learner_id)
    if request.POST.get("do") == "remove_note":
        return without_date_note(request, course, learner_id)
    activities = dated_activities(course.pk)
    form = DatesForm(request.POST or None, activities=[(activity.id, activity.title) for activity in activities])
    shift = None
    if form.is_bound and form.is_valid():
        shift = attempted(form, lambda: grade_to_confirm(request, course, learner_id, form))
        if not (shift or form.errors) and attempted(form, lambda: postpone(request, course, learner_id, form)):
            tell(request, _("Saved. The learner sees these dates at once."))
            return redirect("learner_dates", course.slug, learner_id)
    titles = {activity.id: activity.title for activity in activities}
    notes = date_extension_notes(learner_id, course.pk, whose_notes(request))
    own = own_dates(learner_id, course.pk)
    return workplace_page(
        request,
        course,
        "workplace/learner_dates.html",
        section="gradebook",
        title=_("Dates"),
        status=409 if shift else 400 if form.is_bound else 200,
        shift=shift,
        expected=shift and confirmation_of(shift),
        enrollment=enrollment,
        learner=enrollment.user,
        activities=[
            (activity, sourced_dates(activity.dates, own.get(activity.id, NOTHING_OWN)).values())
            for activity in activities
        ],
        rows=[
            (row, titles.get(row.activity, ""), notes.get(row.pk, ""))
            for row in date_extensions_of(learner_id, course.pk)
        ],
        form=form,
    )


def grade_to_confirm(request: HttpRequest, course: "Course", learner_id: int, form: DatesForm) -> Shift | None:
    """Return how the learner's grade would move by the late policy, unless the request confirms exactly this."""
    grades = settle_grades(now=request.now, learner_id=learner_id, course_id=course.pk)
    order = {"author": request.user, "now": request.now, **form.cleaned_data}
    shift = preview_extension(grades=grades, course=course, learner_id=learner_id, **order)
    is_confirmed = shift is not None and request.POST.get("expected") == confirmation_of(shift)
    return None if is_confirmed else shift


def confirmation_of(shift: Shift) -> str:
    """Return what a preview shows, so that only that can be confirmed."""
    return f"{shift.before.exact} {shift.after.exact}"


def postpone(request: HttpRequest, course: "Course", learner_id: int, form: DatesForm) -> "DateExtension":
    return extend_activity(
        course=course, learner_id=learner_id, author=request.user, now=request.now, **form.cleaned_data
    )


def without_date_note(request: HttpRequest, course: "Course", learner_id: int) -> HttpResponse:
    chosen = number_in(request.POST, "extension") or 0
    who = {"author": request.user, "written_by": whose_notes(request), "now": request.now}
    remove_extension_note(course=course, learner_id=learner_id, extension_id=chosen, **who)
    tell(request, _("The note is deleted. The dates did not change."))
    return redirect("learner_dates", course.slug, learner_id)
