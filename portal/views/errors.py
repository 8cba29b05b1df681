"""What a page says when it cannot be shown: what happened, what is safe, what to do."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from course.rules.refusals import Refusal
from portal.templatetags.times import spoken


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The product declined: its sentence, with its status."""
    return error_page(request, refusal.status, sentence=spoken(refusal), code=refusal.code)


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
    context |= {"status": status, "phrase": HTTPStatus(status).phrase}
    return render(request, f"errors/{name}.html", context, status=status)


def broken(request: HttpRequest) -> HttpResponse:
    """The mistake is ours. Nothing is asked of database or session: they may be what broke."""
    return HttpResponse(render_to_string("errors/500.html", {"status": 500}), status=500)


def busy(request: HttpRequest) -> HttpResponse:
    """A request that waited too long for its turn; said before anything else is asked of this machine."""
    headers = {"Retry-After": "2"}
    if not request.path.startswith("/api/"):
        return HttpResponse(render_to_string("errors/503.html", {"status": 503}), status=503, headers=headers)
    detail = "Too much is asked just now, and this request was not begun. Nothing was changed: send it again."
    body = {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": detail,
        "code": "unavailable",
    }
    return JsonResponse(body, status=503, content_type="application/problem+json", headers=headers)


def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker keeps and shows when the network is gone."""
    return HttpResponse(render_to_string("errors/offline.html", {}))
