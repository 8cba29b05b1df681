"""One learner: where they stand, each cell a click from its evidence, and what was done for them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from course.selectors import learner_in, multiplier_for
from grading.selectors import certificate_of, course_grade
from portal.selectors.notices import notices_for
from portal.workplace.gate import for_instructors, page
from quizzes.services import settle_due


@require_safe
@for_instructors
def learner(request: HttpRequest, course: Any, learner_id: int) -> HttpResponse:
    enrollment = learner_in(course.pk, learner_id)
    settle_due(now=request.now, learner_id=learner_id, course_id=course.pk)
    return page(
        request,
        course,
        "learner",
        section="gradebook",
        title=enrollment.name or enrollment.user.get_full_name(),
        enrollment=enrollment,
        learner=enrollment.user,
        grade=course_grade(learner_id, course.pk),
        certificate=certificate_of(learner_id, course.pk),
        multiplier=multiplier_for(enrollment),
        notices=notices_for(learner_id, course.pk),
    )
