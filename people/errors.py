"""Error pages: what happened, what is safe, what to do."""

import sys
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.services import log_security
from course.selectors import published_course
from foundation.frame.wording import spoken
from foundation.metrics import DATABASE_FAILURES
from people.access import lines_seen
from people.refusals import Refusal

if TYPE_CHECKING:
    from course.models import Course


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Show a refusal with its message and status, and a next step."""
    if refusal.code == "not_enrolled":
        return not_enrolled(request, refusal)
    return error_page(request, refusal.status, sentence=spoken(refusal), code=refusal.code)


def not_enrolled(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Show what enrolling gives on this page, and the form to enroll, which leads back to the page."""
    match = request.resolver_match
    context: dict[str, object] = {"sentence": spoken(refusal), "code": refusal.code}
    if request.method in ("GET", "HEAD"):
        context["next"] = request.path
    if match is not None:
        context |= {"page": match.url_name, "place": course_of_address(request, match.kwargs.get("slug"))}
    return error_page(request, refusal.status, template="not_enrolled", **context)


def course_of_address(request: HttpRequest, slug: str | None) -> "Course | None":
    """Return the course of an address; without a slug, the course if the reader sees only one."""
    lines = lines_seen(request.user)
    if slug is None:
        return published_course(lines[0].slug) if len(lines) == 1 else None
    return published_course(slug)


def bad_request(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, 403, template="csrf")


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 429)


def error_page(request: HttpRequest, status: int, *, template: str = "", **context: object) -> HttpResponse:
    name = template or (str(status) if status in (403, 404, 409, 429) else "400")
    log_refused_access(request, status, str(context.get("code", name)))
    context |= {"status": status, "back": page_before(request), "phrase": HTTPStatus(status).phrase}
    return render(request, f"errors/{name}.html", context, status=status)


def log_refused_access(request: object, status: int, code: str) -> None:
    """Log what a person or program may not do. What a person may not see is not found, which says nothing of a visitor."""
    account = getattr(getattr(request, "user", None), "pk", None)
    is_hidden = status == HTTPStatus.NOT_FOUND and account is not None
    if is_hidden or status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        log_security("refused", account=account, code=code)


def page_before(request: HttpRequest) -> str:
    """Return the page of this site that a refused form was on, "" if the browser does not say or names another site."""
    before = request.headers.get("Referer", "")
    if request.method != "POST" or not before:
        return ""
    try:
        host = request.get_host()
    except DisallowedHost:
        return ""
    return before if url_has_allowed_host_and_scheme(before, {host}, require_https=request.is_secure()) else ""


def broken(request: HttpRequest) -> HttpResponse:
    """Show that the fault is ours. This uses neither database nor session, which may be the cause."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return database_away(request)
    return HttpResponse(render_to_string("errors/500.html", {"status": 500}), status=500)


def database_away(request: HttpRequest) -> HttpResponse:
    """Show that the database is unavailable, full or busy. A form comes back with its content, ready to be sent again."""
    DATABASE_FAILURES.inc()
    if request.path.startswith("/api/"):
        return unavailable(
            "The database does not answer just now, and nothing was changed. Try again in a few seconds.", 5
        )
    context = {
        "status": 503,
        "is_form": request.method == "POST",
        "typed": typed(request),
        "path": request.get_full_path(),
    }
    page = render_to_string("errors/away.html", context)
    return HttpResponse(page, status=503, headers={"Retry-After": "5"})


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of a form as sent, or none if the form holds a secret or a file."""
    if request.method != "POST" or request.path.startswith("/accounts/") or request.FILES:
        return []
    if any("password" in name for name in request.POST):
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values]


def busy(request: HttpRequest) -> HttpResponse:
    """Answer a request that waited too long for its turn, before it uses any more resources."""
    if request.path.startswith("/api/"):
        detail = "Too much is asked just now, and this request was not begun. Nothing was changed: send it again."
        return unavailable(detail, 2)
    return HttpResponse(render_to_string("errors/503.html", {"status": 503}), status=503, headers={"Retry-After": "2"})


def unavailable(detail: str, wait: int) -> JsonResponse:
    """Return a 503 in the API's shape; `wait` is in seconds."""
    answer = api_problem(503, "unavailable", detail)
    answer.headers["Retry-After"] = str(wait)
    return answer


def api_problem(status: int, code: str, detail: str) -> JsonResponse:
    """Return an error in the API's shape, for middleware that answers before the API is reached."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def offline(request: HttpRequest) -> HttpResponse:
    """Return the page that the service worker stores and shows while offline."""
    return HttpResponse(render_to_string("errors/offline.html", {}))
