"""Create a course: empty, from a sample, or as a copy of one's own."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.selectors import may_create_courses
from authoring.forms.new_course import EMPTY, NewCourseForm
from authoring.refusals import Refusal
from authoring.services import course_samples, create_course
from foundation.frame.outcomes import attempted, tell
from people.access import courses_with_permission
from people.rules.roles import Permission

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_course(request: HttpRequest) -> HttpResponse:
    """Ask for a title and what the course begins with. A POST creates it, or leads to the preview of a copy."""
    if not may_create_courses(request.user):
        raise Refusal("not_permitted")
    origins = origins_for(request.user)
    form = NewCourseForm(request.POST or None, initial={"origin": EMPTY}, origins=origins)
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        kind, _colon, name = asked["origin"].partition(":")
        if kind == "copy":
            copy = {"title": asked["title"], "slug": asked["slug"], "days": 0}
            return redirect(f"{reverse('course_copy', args=[name])}?{urlencode(copy)}")
        made = attempted(form, lambda: created(request, asked, sample=name))
        if made is not None:
            tell(request, _("The course is ready and hidden. Only you see it, until you open it to learners."))
            return redirect("dashboard", made.slug)
    can_copy = any(origin.startswith("copy:") for origin, _words in origins)
    context = {"title": _("New course"), "form": form, "can_copy": can_copy}
    return render(request, "authoring/new_course.html", context, status=400 if form.errors else 200)


def origins_for(user: "User") -> list[tuple[str, str]]:
    """Return what a new course can begin with: each sample, and a copy of each course whose policy the person may change."""
    samples = [
        (
            f"sample:{sample.name}",
            _("the sample “{title}”: {summary}").format(title=sample.title, summary=sample.summary),
        )
        for sample in course_samples()
    ]
    own = courses_with_permission(user, Permission.CHANGE_POLICY)
    copies = [(f"copy:{course.slug}", _("a copy of “{title}”").format(title=course.title)) for course in own]
    return samples + copies


def created(request: HttpRequest, asked: dict[str, Any], *, sample: str) -> "Course":
    return create_course(
        slug=asked["slug"],
        title=asked["title"],
        sample=sample,
        zone=get_current_timezone_name(),
        author=request.user,
        now=request.now,
    )
