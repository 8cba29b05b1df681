"""The signed statement of a grade, as a file that learners keep and anyone can verify."""

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from course.selectors import course_by_slug
from people.access import access_of, refuse_in_preview, refuse_stranger
from portal.rights.services import make_statement


@login_required
@require_safe
def statement(request: HttpRequest, slug: str) -> HttpResponse:
    course = course_by_slug(slug)
    access = access_of(request.user, course.pk)
    refuse_stranger(access)
    refuse_in_preview(access)
    said = make_statement(learner=request.user, course=course, site=request.build_absolute_uri("/"), now=request.now)
    answer = HttpResponse(json.dumps(said, indent=1), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="statement-{course.slug}-{request.now:%Y-%m-%d}.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer
