"""The clock is read once, before any work (D5); times are shown in the reader's zone."""

import zoneinfo
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from django.core.exceptions import RequestDataTooBig
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from config.reception import PATIENCE, RECEIVED
from course.rules.refusals import Refusal
from portal.views.errors import bad_request, busy, refused

type Handler = Callable[[HttpRequest], HttpResponse]


class ReceivedRequest(HttpRequest):
    """Every request of ours: `now` is the instant at which it was received, in UTC."""

    now: datetime


def health(get_response: Handler) -> Handler:
    """Answers /healthz before anything asks for a host, a session or the database."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok", content_type="text/plain") if request.path == "/healthz" else get_response(request)

    return middleware


def receive(get_response: Handler) -> Handler:
    """A request is received with its last byte: one could else be begun before a deadline and written after it.

    One that waited too long for a thread is given back untouched, so that nothing received in time is written late (D6).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        is_too_big = not has_body(request)
        now = timezone.now()
        received = request.META.get("asgi.scope", {}).get(RECEIVED, now)
        if now - received > timedelta(seconds=PATIENCE):
            return busy(request)
        cast(ReceivedRequest, request).now = received
        if is_too_big and not request.path.startswith(
            "/api/"
        ):  # the API says so in its own shape, and reads none of it
            return bad_request(request, None)
        return get_response(request)

    return middleware


def has_body(request: HttpRequest) -> bool:
    """Reads the body; False where it is larger than anything that is sent here."""
    try:
        return request.body is not None
    except RequestDataTooBig:
        return False


def zone(get_response: Handler) -> Handler:
    """The account's zone; for strangers the one that their browser put into a cookie."""

    def middleware(request: HttpRequest) -> HttpResponse:
        name = getattr(request.user, "timezone", "") or request.COOKIES.get("zone", "")
        with timezone.override(known_zone(name)):
            return get_response(request)

    return middleware


def known_zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name or "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo("UTC")


class Refusals:
    """A page that the product declines says why, with the refusal's status; the API has a handler of its own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DataError):  # a NUL in an address or a form, which only PostgreSQL minds
            return bad_request(request, exception)
        return refused(request, exception) if isinstance(exception, Refusal) else None
