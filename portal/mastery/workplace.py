"""The objectives of a course as its class answered them, and those that nothing measures."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from grading.services import settle_grades
from people.gate import choice, needs, workplace_page
from people.rules.roles import Permission
from people.selectors import group_names
from portal.mastery.rules.mastery import FEWEST, unmeasured
from portal.mastery.selectors import mastery_in_class

if TYPE_CHECKING:
    from course.models import Course


@require_safe
@needs(Permission.SEE_ANALYSIS, asks={"group"})
def class_objectives(request: HttpRequest, course: "Course") -> HttpResponse:
    """Show how many answers about each objective are right, by source, of one group or of all learners."""
    groups = group_names(course)
    group = choice(request, "group", ("", *groups), "")
    settle_grades(now=request.now, course_id=course.pk)
    modules = mastery_in_class(course.pk, group, request.now)
    return workplace_page(
        request,
        course,
        "portal/class_objectives.html",
        section="analysis",
        title=_("Objectives"),
        groups=groups,
        group=group,
        modules=modules,
        unmeasured=unmeasured(modules),
        fewest=FEWEST,
    )
