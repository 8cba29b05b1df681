from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from people.access import can_read_all_lessons, course_seen, lines_seen
from portal.pages.selectors import palette_lines


@require_safe
@conditional_page
def palette(request: HttpRequest) -> HttpResponse:
    """Answer with the command palette, which a script adds to a page: of one course, or without `course`, of none.

    It changes only with the account and with what is published and open, so a browser asks again with the ETag.
    """
    slug = request.GET.get("course", "").replace("\0", "")
    course = course_seen(request.user, slug) if slug else None
    reader = {"is_reader": can_read_all_lessons(request.user), "reader_id": request.user.pk}
    lines = [] if course is None else palette_lines(course.pk, now=request.now, **reader)
    context = {"course": course, "courses": lines_seen(request.user), "lines": lines}
    return render(request, "portal/palette.html", context)
