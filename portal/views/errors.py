"""What a page says when it cannot be shown: what happened, what is safe, what to do."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
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


def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker keeps and shows when the network is gone."""
    return HttpResponse(render_to_string("errors/offline.html", {}))
