"""Download a learner's work in the course, on the learner's request. It takes a reason, which the audit keeps."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from foundation.frame.forms import OpeningForm
from foundation.frame.outcomes import attempted
from people.access import learner_in
from people.gate import needs, workplace_page
from people.rules.roles import Permission
from portal.rights.archives import archive_of
from portal.rights.selectors import export_for, pieces_of
from portal.rights.services import order_learner_export

if TYPE_CHECKING:
    from course.models import Course


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Permission.EXPORT_LEARNER_DATA, in_archive=True)
def learner_data(request: HttpRequest, course: "Course", learner_id: int) -> HttpResponse:
    """Show the archive that this instructor ordered, and the form that orders one."""
    enrollment = learner_in(course.pk, learner_id)
    form, status = OpeningForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        order = {"learner": enrollment.user, "course": course, "author": request.user, "now": request.now}
        if form.is_valid() and attempted(form, lambda: order_learner_export(**order, **form.cleaned_data)):
            return redirect("learner_data", course.slug, learner_id)
        status = 400
    return workplace_page(
        request,
        course,
        "workplace/learner_data.html",
        section="gradebook",
        title=enrollment.name or enrollment.user.get_full_name(),
        status=status,
        enrollment=enrollment,
        learner=enrollment.user,
        form=form,
        export=export_for(learner_id, request.user.pk, course.pk),
        kept=settings.EXPORTS_KEPT.days,
    )


@require_safe
@needs(Permission.EXPORT_LEARNER_DATA)
def learner_export(request: HttpRequest, course: "Course", learner_id: int) -> StreamingHttpResponse:
    """Return the archive that this instructor ordered."""
    learner_in(course.pk, learner_id)
    return archive_of(*pieces_of(export_for(learner_id, request.user.pk, course.pk)))
