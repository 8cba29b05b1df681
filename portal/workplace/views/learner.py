"""One learner: their grades, each cell linked to its attempts, and instructors' changes for them."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from grading.selectors import certificate_of
from grading.selectors.notices import notices_for
from grading.services import settled_grade
from labs.selectors import labs_of, states_of
from people.access import learner_in
from people.gate import needs, workplace_page
from people.rules.roles import Permission
from people.selectors import multiplier_for

if TYPE_CHECKING:
    from course.models import Course


@require_safe
@needs(Permission.SEE_GRADES, for_limited=True)
def learner(request: HttpRequest, course: "Course", learner_id: int) -> HttpResponse:
    enrollment = learner_in(course.pk, learner_id)
    grade = settled_grade(learner_id=learner_id, course_id=course.pk, now=request.now)
    states = states_of(course.pk, learner_id)
    return workplace_page(
        request,
        course,
        "workplace/learner.html",
        section="gradebook",
        title=enrollment.name or enrollment.user.get_full_name(),
        enrollment=enrollment,
        learner=enrollment.user,
        grade=grade,
        labs=[(lab, states.get(lab.pk, "not_started")) for lab in labs_of(course.pk)],
        certificate=certificate_of(learner_id, course.pk),
        multiplier=multiplier_for(enrollment),
        notices=notices_for(learner_id, course.pk),
    )
