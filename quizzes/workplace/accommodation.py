"""A learner's time multiplier, and other changes that instructors made for them."""

from typing import TYPE_CHECKING

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.frame.outcomes import attempted, tell
from foundation.numbers import number_in
from grading.selectors.notices import notices_for
from people.access import learner_in
from people.gate import needs, whose_notes, workplace_page
from people.rules.roles import Permission
from people.selectors import accommodation_notes, accommodations_of, multiplier_for
from people.services import remove_note, set_accommodation
from quizzes.forms import MultiplierForm
from quizzes.selectors import exam_times

if TYPE_CHECKING:
    from course.models import Course
    from people.models import Accommodation


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EXTEND, for_limited=True)
def accommodation(request: HttpRequest, course: "Course", learner_id: int) -> HttpResponse:
    """Show the current multiplier, earlier ones, and the form for a new one. With `do=remove_note`, delete a note."""
    enrollment = learner_in(course.pk, learner_id)
    if request.POST.get("do") == "remove_note":
        return without_note(request, course, learner_id)
    notes = accommodation_notes(learner_id, course.pk, whose_notes(request))
    form = MultiplierForm(request.POST or None, initial={"multiplier": multiplier_for(enrollment)})
    if form.is_bound and form.is_valid() and attempted(form, lambda: multiply(request, course, learner_id, form)):
        tell(request, _("Saved. The multiplier applies to exams that the learner starts from now on."))
        return redirect("accommodation", course.slug, learner_id)
    return workplace_page(
        request,
        course,
        "quizzes/workplace/accommodation.html",
        section="gradebook",
        title=_("Exam time"),
        status=400 if form.is_bound else 200,
        enrollment=enrollment,
        learner=enrollment.user,
        rows=[(row, notes.get(row.pk, "")) for row in accommodations_of(learner_id, course.pk)],
        exams=exam_times(course.pk, learner_id, multiplier_for(enrollment), request.now),
        notices=notices_for(learner_id, course.pk),
        form=form,
    )


def without_note(request: HttpRequest, course: "Course", learner_id: int) -> HttpResponse:
    chosen = number_in(request.POST, "accommodation") or 0
    who = {"author": request.user, "written_by": whose_notes(request), "now": request.now}
    remove_note(course=course, learner_id=learner_id, accommodation_id=chosen, **who)
    tell(request, _("The note is deleted. The multiplier did not change."))
    return redirect("accommodation", course.slug, learner_id)


def multiply(request: HttpRequest, course: "Course", learner_id: int, form: BaseForm) -> "Accommodation":
    return set_accommodation(
        course=course, learner_id=learner_id, author=request.user, now=request.now, **form.cleaned_data
    )
