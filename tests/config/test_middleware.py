"""The clock (D5): one instant per request, that of its last byte. What is refused before anything is read."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.middleware import receive
from config.requests import identify
from config.server.scope import PATIENCE, RECEIVED
from tests import factories as make

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TEN_SECONDS = timedelta(seconds=10)


def test_a_body_that_trickles_in_after_the_deadline_came_after_the_deadline():
    with time_machine.travel(START, tick=False) as clock:

        class Slow(BytesIO):
            def read(self, size=-1):
                clock.shift(TEN_SECONDS)
                return super().read(size)

        request = RequestFactory().post("/questions/x/check/", "a=1", content_type="application/x-www-form-urlencoded")
        request = WSGIRequest({**request.environ, "wsgi.input": Slow(b"a=1")})
        seen = []
        receive(lambda request: seen.append((request.now, request.POST["a"])) or HttpResponse())(request)
    assert seen == [(START + TEN_SECONDS, "1")]


def handled(path: str, received: datetime, now: datetime) -> tuple[list[datetime], HttpResponse]:
    """Return when the request was received, as the page sees it, and the answer."""
    request = RequestFactory().get(path)
    request.META["asgi.scope"] = {RECEIVED: received}
    told = []
    with time_machine.travel(now, tick=False):
        answer = receive(lambda request: told.append(request.now) or HttpResponse())(request)
    return told, answer


def test_a_request_that_waited_for_a_thread_was_received_before_it_waited():
    told, answer = handled("/", START, START + TEN_SECONDS)
    assert (told, answer.status_code) == ([START], 200)


@pytest.mark.parametrize(("path", "kind"), [("/", "text/html"), ("/api/v1/me/", "application/problem+json")])
def test_a_request_that_waited_longer_than_that_is_given_back_untouched(path, kind):
    told, answer = handled(path, START, START + timedelta(seconds=PATIENCE, microseconds=1))
    assert (told, answer.status_code, answer["Retry-After"]) == ([], 503, "2")
    assert answer["Content-Type"].partition(";")[0] == kind


def test_no_client_header_can_set_the_time_of_receipt():
    with time_machine.travel(START, tick=False):
        request = RequestFactory().get("/", headers={RECEIVED: "2020-01-01T00:00:00Z", "asgi.scope": "{}"})
        told = []
        receive(lambda request: told.append(request.now) or HttpResponse())(request)
    assert told == [START]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_larger_than_any_of_ours_is_not_even_read(client, kind):
    response = client.post("/settings/theme/", b"a" * (7 << 20), content_type=kind)
    assert (response.status_code, response["Content-Type"]) == (400, "text/html; charset=utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["evil.example", "evil.example:99999", "a b", "[::1", ""])
@pytest.mark.parametrize("path", ["/", "/nowhere/", "/api/v1/me/", "/accounts/login/", "/readyz"])
def test_an_unknown_host_is_a_bad_request_and_is_not_logged(client, caplog, capfd, settings, host, path):
    settings.ALLOWED_HOSTS = ["localhost"]
    response = client.get(path, headers={"Host": host})
    assert response.status_code == 400
    assert "Traceback" not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.django_db
def test_a_call_by_plain_http_is_refused_and_a_page_leads_to_https(settings):
    settings.SECURE_SSL_REDIRECT = True
    browser = Client()
    refused = browser.get("/api/v1/me/", headers={"Authorization": "Token secret"})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_request")
    assert refused["Content-Type"] == "application/problem+json"
    assert browser.get("/glossary/").headers["Location"] == "https://testserver/glossary/"
    assert browser.get("/api/v1/me/", secure=True).status_code == 401


@pytest.mark.django_db
def test_a_session_and_a_page_of_the_last_release_go_on_under_the_names_of_today(settings):
    user, before = make.make_user(), Client(enforce_csrf_checks=True)
    before.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    before.cookies["csrftoken"] = token = "a" * 32
    settings.HOST_PREFIX = "__Host-"
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    after = Client(enforce_csrf_checks=True)
    after.cookies = before.cookies
    saved = after.post("/settings/", {"name": "Mina", "timezone": ""}, headers={"X-CSRFToken": token})
    assert (saved.status_code, saved.headers["Location"]) == (302, "/settings/")
    given = {name: (each.value, bool(each["httponly"])) for name, each in saved.cookies.items()}
    assert given["__Host-sessionid"] == (before.cookies["sessionid"].value, True)
    assert given["__Host-csrftoken"] == (token, False)
    again = after.get("/settings/")
    assert "__Host-sessionid" not in again.cookies


@pytest.mark.django_db
def test_a_form_sent_to_an_unknown_host_is_a_bad_request(client, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    response = client.post("/settings/theme/", headers={"Host": "evil.example", "Referer": "http://evil.example/"})
    assert response.status_code == 400
    assert b"http://evil.example/" not in response.content


@pytest.mark.parametrize(
    ("proxies", "given", "is_kept"),
    [
        (1, "0f3a9c6e1b7d4852", True),
        (1, "C0A80001:D3F2_0A00000F:01BB_6563AF12_0001:1A2B", True),
        (1, "Root=1-67891233-abcdef012345678912345678", True),
        (1, "short", False),
        (1, "two words of somebody", False),
        (1, "line\nbreak-of-somebody", False),
        (0, "0f3a9c6e1b7d4852", False),
    ],
)
def test_the_id_of_a_request_is_that_of_a_trusted_proxy(settings, proxies, given, is_kept):
    settings.PROXIES = proxies
    shown = identify(lambda request: HttpResponse())(RequestFactory().get("/", headers={"X-Request-ID": given}))
    assert (shown["X-Request-ID"] == given) is is_kept
