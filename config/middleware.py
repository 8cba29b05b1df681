"""The clock is read once, before any work (D5); times are shown in the reader's zone."""

import zoneinfo
from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

type Handler = Callable[[HttpRequest], HttpResponse]


class ReceivedRequest(HttpRequest):
    """Every request of ours: `now` is the instant at which it was received, in UTC."""

    now: datetime


def receive(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponse:
        cast(ReceivedRequest, request).now = timezone.now()
        return get_response(request)

    return middleware


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
