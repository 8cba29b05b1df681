"""Give each request an id, which its log lines and its answer have, trace and count it, and write the access log."""

import logging
import os
import re
from collections.abc import Callable
from functools import cache
from http import HTTPMethod, HTTPStatus
from time import perf_counter

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from opentelemetry.trace import StatusCode
from prometheus_client import Counter, Histogram

from config.logs import REQUEST_ID
from foundation.metrics import RESPONSE_TIME, RESPONSES, VIEW_TIME
from foundation.tracing import is_tracing, span

HEADER = "X-Request-ID"
UNTRACED = ("/readyz", "/metrics", "/heartbeat")  # what programs ask for, every few seconds
FROM_PROXY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:=@/+-]{7,127}")  # of nginx, HAProxy, Envoy, Traefik and clouds
METHODS = frozenset(HTTPMethod)
STATIC_FILE = "static file"
log = logging.getLogger("finalcheck.access")


def identify(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Take the id from a trusted proxy, or make one, and count the response. Must come before what logs."""
    is_behind_proxy, writes_access_log = bool(settings.PROXIES), settings.ACCESS_LOG

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.META.get("HTTP_X_REQUEST_ID", "") if is_behind_proxy else ""
        request.id = given if given and FROM_PROXY.fullmatch(given) else os.urandom(8).hex()
        reset, began = REQUEST_ID.set(request.id), perf_counter()
        try:
            response = get_response(request)
            response.headers[HEADER] = request.id
            seconds = perf_counter() - began
            count_response(request, response, seconds)
            if writes_access_log:
                log_access(request, response, seconds)
        finally:
            REQUEST_ID.reset(reset)
        return response

    return middleware


def trace(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Trace each request, as a part of the trace that a trusted proxy began. Must come after `identify`."""
    if not is_tracing():
        raise MiddlewareNotUsed
    is_behind_proxy = bool(settings.PROXIES)

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path in UNTRACED:
            return get_response(request)
        parent = request.headers.get("traceparent", "") if is_behind_proxy else ""
        attributes = {"http.request.method": request.method, "finalcheck.request": request.id}
        with span("request", kind="server", parent=parent, attributes=attributes) as here:
            response = get_response(request)
            here.update_name(f"{request.method} {view_named(request)}")
            here.set_attribute("http.response.status_code", response.status_code)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                here.set_status(StatusCode.ERROR)
        return response

    return middleware


def count_response(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Count the response for /metrics, unless it is a static file."""
    view = view_named(request)
    if view != STATIC_FILE:
        method = request.method if request.method in METHODS else "other"
        responses, duration = counters_of(response.status_code, view, method)
        responses.inc()
        duration.observe(seconds)
        RESPONSE_TIME.observe(seconds)


@cache
def counters_of(status: int, view: str, method: str) -> tuple[Counter, Histogram]:
    return RESPONSES.labels(status, view, method), VIEW_TIME.labels(view, method)


def log_access(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Log the kind of page rather than its address, because an address may name a person or hold a key."""
    size = 0 if response.streaming else len(response.content)
    fields = {
        "method": request.method,
        "view": view_named(request),
        "status": response.status_code,
        "milliseconds": round(seconds * 1000),
        "bytes": size,
    }
    log.info("%(method)s %(view)s %(status)d in %(milliseconds)d ms, %(bytes)d bytes", fields, extra={"facts": fields})


def view_named(request: HttpRequest) -> str:
    if request.resolver_match is not None:
        return request.resolver_match.view_name
    return STATIC_FILE if request.path.startswith(settings.STATIC_URL) else "unknown page"
