"""When learners see correct answers, and the release of what an assessment holds back. A release is previewed before it is made."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.frame.outcomes import attempted, tell
from people.gate import needs, workplace_page
from people.rules.roles import Permission
from people.selectors import learners_by_id
from quizzes.forms import ReleaseForm
from quizzes.rules.names import assessment_name
from quizzes.selectors import release_state, releases_in
from quizzes.services import release_assessment, settle_due, undo_release

if TYPE_CHECKING:
    from course.models import Course

MOST_NAMES = 50


@require_safe
@needs(Permission.RELEASE)
def releases(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show for each assessment from when on learners see correct answers and explanations."""
    settle_due(now=request.now, course_id=course.pk)
    return workplace_page(
        request,
        course,
        "quizzes/workplace/releases.html",
        section="exams",
        title=_("Release of results and answers"),
        states=releases_in(course.pk, request.now),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.RELEASE)
def one_release(request: HttpRequest, course: "Course", assessment_id: str) -> HttpResponse:
    """Show who is affected by the release of one assessment. A POST releases it, or takes the release back."""
    settle_due(now=request.now, course_id=course.pk)
    state = release_state(course.pk, assessment_id, request.now)
    form = ReleaseForm(request.POST or None)
    if form.is_bound and form.is_valid():
        act = undo_release if request.POST.get("do") == "undo" else release_assessment
        arguments = {"assessment_id": assessment_id, "author": request.user, "now": request.now, **form.cleaned_data}
        if attempted(form, lambda: act(course=course, **arguments)) is not None:
            tell(request, _("Held back again.") if act is undo_release else _("Released. Learners see it from now on."))
            return redirect("releases", course.slug)
    people = learners_by_id(course.pk, state.finished[:MOST_NAMES])
    return workplace_page(
        request,
        course,
        "quizzes/workplace/release.html",
        section="exams",
        title=_("Release: %s") % assessment_name(state.assessment),
        status=409 if form.errors else 200,
        state=state,
        names=sorted(person.name or person.user.get_full_name() for person in people.values()),
        more=len(state.finished) - len(people),
        form=form,
    )
