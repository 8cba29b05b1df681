"""Read the clock once, before any work (D5), and show times in the reader's zone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import MiddlewareNotUsed, RequestDataTooBig
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.selectors import person_read
from config.receipts import first_receipt, keep_receipt
from config.server.scope import PATIENCE, RECEIVED
from course.selectors import one_revision
from foundation import clock
from foundation.refusals import Refusal
from foundation.zones import known_zone
from people.errors import api_problem, bad_request, busy, refusal_page

READING = ("GET", "HEAD")
ACCOUNT_OF_PAGE = "X-Page-Account"
IN_CLEAR = (
    "This call came by plain http, so others may have read it. Nothing was changed. Revoke a token that was in it, and use "
    "the https address."
)

type GetResponse = Callable[[HttpRequest], HttpResponse]


class ReceivedRequest(HttpRequest):
    """A request with its time: `now` is when we received it, in UTC.

    `first_received` is earlier if we failed to store the same answer before. The answer then counts from that instant.
    """

    now: datetime
    first_received: datetime


def health(get_response: GetResponse) -> GetResponse:
    """Answer /healthz before anything needs a host, a session or the database."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok", content_type="text/plain") if request.path == "/healthz" else get_response(request)

    return middleware


def receive(get_response: GetResponse) -> GetResponse:
    """Set the time of a request.

    It is received with its last byte, so that nothing can be begun before a deadline and written after it.

    A request that waited too long for a thread is rejected untouched, so that nothing received in time is written late
    (D6). An answer for which there was no thread or no database keeps its receipt for a while, so that it is not late
    when it is sent again (D20).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        is_too_big = not has_body(request)
        now = clock.now()
        received = request.META.get("asgi.scope", {}).get(RECEIVED, now)
        is_held_up = now - received > timedelta(seconds=PATIENCE)
        ours = cast(ReceivedRequest, request)
        ours.now = ours.first_received = received
        if is_too_big:
            return busy(request) if is_held_up else too_big(request, get_response)
        ours.first_received = first_receipt(request, received)
        answer = busy(request) if is_held_up else get_response(request)
        if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:  # a learner cannot cause this, as they might a 500
            keep_receipt(request, ours.first_received)
        return answer

    return middleware


def too_big(request: HttpRequest, get_response: GetResponse) -> HttpResponse:
    """Answer that a body is too large, in the API's shape for the API, without reading it."""
    return get_response(request) if request.path.startswith("/api/") else bad_request(request, None)


def has_body(request: HttpRequest) -> bool:
    """Read the body. Return False if it is larger than anything that is sent here."""
    try:
        return request.body is not None
    except RequestDataTooBig:
        return False


def take_cookies_of_last_release(get_response: GetResponse) -> GetResponse:
    """Accept the session and the form token under their names of version 0.9.0, and give both the name of today.

    An upgrade then signs nobody out, and a page that was open before it can still save. A later release drops this.
    """
    if not settings.HOST_PREFIX:
        raise MiddlewareNotUsed
    kinds = {
        settings.SESSION_COOKIE_NAME: settings.SESSION_COOKIE_AGE,
        settings.CSRF_COOKIE_NAME: settings.CSRF_COOKIE_AGE,
    }

    def middleware(request: HttpRequest) -> HttpResponse:
        had = {name: request.COOKIES.get(name.removeprefix(settings.HOST_PREFIX)) for name in kinds}
        old = {name: value for name, value in had.items() if value and name not in request.COOKIES}
        request.COOKIES.update(old)
        response = get_response(request)
        for name, value in old.items():
            if name not in response.cookies:
                is_session = name == settings.SESSION_COOKIE_NAME
                response.set_cookie(name, value, kinds[name], secure=True, httponly=is_session, samesite="Lax")
        return response

    return middleware


def refuse_calls_in_clear(get_response: GetResponse) -> GetResponse:
    """Refuse calls of the API by plain http where pages are redirected to https.

    A program would follow to https each time, and nobody would notice that it sends its token in clear first.
    """
    if not settings.SECURE_SSL_REDIRECT:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/") and not request.is_secure():
            return api_problem(400, "invalid_request", IN_CLEAR)
        return get_response(request)

    return middleware


def say_language(get_response: GetResponse) -> GetResponse:
    """Say in which language every answer is, whatever the browser prefers. There is only one to choose."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Content-Language"] = settings.LANGUAGE_CODE
        return response

    return middleware


class Authentication(AuthenticationMiddleware):
    """Django's, which here takes the person's row that was read with the session."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(partial(person_of, request))


def person_of(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    """Return who is signed in, as Django decides."""
    with person_read(request.session.take_person()):
        return get_user(request)


def activate_zone(get_response: GetResponse) -> GetResponse:
    """Activate the account's time zone, or for visitors the one that their browser put into a cookie.

    The person is known from here on, so the lazy object goes, which adds calls to each look at the person.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        cookies = request.COOKIES
        request.user = person_of(request)
        name = getattr(request.user, "timezone", "") or cookies.get("__Host-zone") or cookies.get("zone", "")
        with timezone.override(known_zone(name)):
            return get_response(request)

    return middleware


def read_one_revision(get_response: GetResponse) -> GetResponse:
    """Let a page show one revision of a course, even if another is published while the page is made."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in READING:
            return get_response(request)
        with one_revision(lambda: request.user.pk):
            return get_response(request)

    return middleware


class AccountOfPage:
    """Refuse what an open page sends after another account has signed in, so that nobody's text is stored as another's.

    A script names the account of its page in a header (static/js/outbox.js). Forms need none: their token ends with the
    session. Must come after ViewAsLearner, which has its own refusal.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        named = request.headers.get(ACCOUNT_OF_PAGE)
        if not named or not request.user.is_authenticated or named == str(request.user.pk):
            return None
        refusal = Refusal("other_account")
        if request.path.startswith("/api/"):
            return api_problem(refusal.status, refusal.code, refusal.sentence)
        return refusal_page(request, refusal)


class Refusals:
    """Show a page's refusal with its message and status. The API has a separate handler."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DataError):  # a NUL in an address or a form, which only PostgreSQL rejects
            return bad_request(request, exception)
        return refusal_page(request, exception) if isinstance(exception, Refusal) else None
