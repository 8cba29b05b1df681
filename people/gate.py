"""Access to a course's workplace, for those whose role in the course allows it. For everyone else it is not found."""

from collections.abc import Callable, Collection, Sequence
from functools import wraps
from typing import TYPE_CHECKING

from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from people.access import course_with_permission, refuse_archived, refuse_out_of_sight, refuse_unless_permitted
from people.refusals import Refusal
from people.rules.roles import Permission, by_name

if TYPE_CHECKING:
    from course.models import Course

type View = Callable[..., HttpResponseBase]


def needs(
    needed: Permission,
    *,
    to_change: Permission | None = None,
    asks: Collection[str] = (),
    in_archive: bool = False,
    for_limited: bool = False,
) -> Callable[[View], View]:
    """Decorate a view, which gets the `course` of the address's `slug`, with what a role must allow to open the page.

    Visitors must sign in; people without a role in the course get Refusal not_found, others role_insufficient. A POST
    needs `to_change`, if that is different. `request.permissions` is everything that the person's role allows.
    `request.sight` is whose work the person sees.

    Without `for_limited`, somebody whose role is limited to groups gets Refusal role_insufficient. A view with it shows
    and changes only learners in `request.sight` (D42); the one whom the address names is looked up here, and a learner out
    of sight is not found.

    `asks` names the query parameters that the view reads. Raises Refusal query_unknown for any other, instead of ignoring
    it. With `in_archive`, a POST is accepted in an archived course, too; other views get Refusal course_archived.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: object, **kwargs: object) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            wanted = needed if request.method in ("GET", "HEAD") else to_change or needed
            course, (request.permissions, request.sight) = course_with_permission(request.user, slug, wanted)
            refuse_out_of_sight(request.sight, kwargs.get("learner_id"), is_for_limited=for_limited)
            if request.method == "POST" and not in_archive:
                refuse_archived(course)
            refuse_unknown_query(request, asks)
            return view(request, course, *args, **kwargs)

        guarded.needs = {"GET": needed, "POST": to_change or needed}
        guarded.is_for_limited = for_limited
        return guarded

    return decorate


def refuse_unless(request: HttpRequest, needed: Permission) -> None:
    """Refuse a part of a page that needs more than the page. Raises Refusal role_insufficient."""
    refuse_unless_permitted(request.permissions, needed)


def whose_notes(request: HttpRequest) -> int | None:
    """Return whose private notes and reasons this person reads: None for everybody's, or their own id."""
    return None if Permission.SEE_PRIVATE_NOTES in request.permissions else request.user.pk


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
    request: HttpRequest, course: "Course", template: str, *, title: str, status: int = 200, **context: object
) -> HttpResponse:
    """Render a template in the frame of this course's workplace; `section` marks its place in the menu.

    `may` says what the person's role allows, such as `may.grade`. Pages offer nothing else. `is_limited` says whether it is
    limited to groups. `reasons_of` says whose reasons they show, for the filter `reason_to`.
    """
    context |= {"course": course, "title": title, "may": by_name(request.permissions)}
    context["reasons_of"] = whose_notes(request)
    context["is_limited"] = request.sight.is_limited
    return render(request, template, context, status=status)
