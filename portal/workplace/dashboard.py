"""What an instructor sees first: how far the course's learners are, and who needs a look."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.workplace.gate import for_instructors, page


@require_safe
@for_instructors
def dashboard(request: HttpRequest, course: Any) -> HttpResponse:
    return page(request, course, "dashboard", section="dashboard", title=course.title)
