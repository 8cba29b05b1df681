"""The way into a course's workplace: its instructors and superusers; nobody else learns that it is there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from course.selectors import course_taught

type View = Callable[..., HttpResponse]


def for_instructors(view: View) -> View:
    """The view gets `course` for the address's `slug`. Strangers sign in; Refusal not_found for anyone else."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, course_taught(request.user, slug), *args, **kwargs)

    return guarded


def page(
    request: HttpRequest, course: Any, name: str, *, title: str, status: int = 200, **context: Any
) -> HttpResponse:
    """The template workplace/<name>.html, in the frame of this course's workplace; `section` marks its place there."""
    context |= {"course": course, "title": title}
    return render(request, f"workplace/{name}.html", context, status=status)
