"""A learner's standing time multiplier, and what else instructors did for or to them."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from course.selectors import accommodations_of, learner_in, multiplier_for
from course.services import set_accommodation
from portal.forms.workplace import Multiplier
from portal.selectors.notices import notices_for
from portal.workplace.acting import attempted, tell
from portal.workplace.gate import for_instructors, page
from quizzes.rules.timing import stretched
from quizzes.selectors import assessments_of


@require_http_methods(["GET", "HEAD", "POST"])
@for_instructors
def accommodation(request: HttpRequest, course: Any, learner_id: int) -> HttpResponse:
    """The multiplier in force, the earlier ones, and the form for another."""
    enrollment = learner_in(course.pk, learner_id)
    form = Multiplier(request.POST or None, initial={"multiplier": multiplier_for(enrollment)})
    if form.is_bound and form.is_valid() and attempted(form, lambda: multiply(request, course, learner_id, form)):
        tell(request, _("Exams that they start from now on take that long."))
        return redirect("accommodation", course.slug, learner_id)
    return page(
        request,
        course,
        "accommodation",
        section="gradebook",
        title=_("Exam time"),
        status=400 if form.is_bound else 200,
        enrollment=enrollment,
        learner=enrollment.user,
        rows=list(accommodations_of(learner_id, course.pk)),
        exams=exams_with(course.pk, multiplier_for(enrollment)),
        notices=notices_for(learner_id, course.pk),
        form=form,
    )


def exams_with(course_id: int, multiplier: Decimal) -> list[dict[str, Any]]:
    """The exams of the course with their own limit, and the one that this learner's next start would have."""
    return [
        {"title": found.title, "limit": found.time_limit, "theirs": stretched(found.time_limit, multiplier)}
        for found in assessments_of(course_id)
        if found.time_limit is not None
    ]


def multiply(request: HttpRequest, course: Any, learner_id: int, form: Any) -> Any:
    return set_accommodation(
        course=course, learner_id=learner_id, author=request.user, now=request.now, **form.cleaned_data
    )
