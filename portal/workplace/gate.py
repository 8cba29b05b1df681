"""Access to a course's workplace, for its instructors and superusers. For everyone else it is not found."""

from collections.abc import Callable, Collection, Sequence
from functools import partial, wraps
from typing import TYPE_CHECKING, overload

from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from course.access import course_taught
from portal.refusals import Refusal

if TYPE_CHECKING:
    from course.models import Course

type View = Callable[..., HttpResponseBase]


@overload
def for_instructors(view: View) -> View: ...
@overload
def for_instructors(*, asks: Collection[str]) -> Callable[[View], View]: ...
def for_instructors(view: View | None = None, *, asks: Collection[str] = ()) -> View | Callable[[View], View]:
    """Decorate a view, which gets the `course` of the address's `slug`.

    Visitors must sign in; others get Refusal not_found.

    `asks` names the query parameters that the view reads. Raises Refusal query_unknown for any other, so that none is
    ignored.
    """
    if view is None:
        return partial(_guarded, asks=asks)

    return _guarded(view, asks=asks)


def _guarded(view: View, *, asks: Collection[str]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, slug: str, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        course = course_taught(request.user, slug)
        refuse_unknown_query(request, asks)
        return view(request, course, *args, **kwargs)

    return guarded


def refuse_unknown_query(request: HttpRequest, asks: Collection[str]) -> None:
    for name in request.GET:
        if name not in asks:
            raise Refusal("query_unknown", name=name, known=", ".join(sorted(asks)) or "no parameters")


def choice(request: HttpRequest, name: str, known: Collection[str], default: str) -> str:
    """Return the value of a parameter that allows only some values. Raises Refusal query_unfit for others."""
    value = request.GET.get(name, "") or default
    if value not in known:
        raise Refusal("query_unfit", name=name, value=value, known=", ".join(known))
    return value


def page_of_rows[Row](request: HttpRequest, rows: "Sequence[Row] | QuerySet[Model, Row]", size: int) -> Page[Row]:
    """Return the page that `page` names; beyond the end, the last one. Raises Refusal query_unfit unless it is a number."""
    number = request.GET.get("page", "") or "1"
    if not (number.isascii() and number.isdecimal()):
        raise Refusal("query_unfit", name="page", value=number, known="a number from 1 on")
    return Paginator(rows, size).get_page(number[:18])


def workplace_page(
    request: HttpRequest, course: "Course", name: str, *, title: str, status: int = 200, **context: object
) -> HttpResponse:
    """Render workplace/<name>.html in the frame of this course's workplace; `section` marks its place in the menu."""
    context |= {"course": course, "title": title}
    return render(request, f"workplace/{name}.html", context, status=status)
