"""HTTP requests, repeated when that is safe and useful."""

import http.client
import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from typing import Any, BinaryIO
from urllib.parse import urlencode

from finalcheck.problems import problem_from

ROOT = "/api/v1"
TRIES = 4
AGAIN = {429, 502, 503}  # throttled, or unavailable for a moment
LOST = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follow no redirect, so that the token is sent only to the address that the caller gave."""

    def redirect_request(self, *_: object) -> None:
        return None


class Transport:
    """Send requests to one address with one token. Every POST carries an Idempotency-Key, so it can be repeated."""

    def __init__(self, address: str, token: str = "", timeout: float = 30) -> None:
        if not address.startswith(("http://", "https://")):
            raise ValueError(f"The address {address} must begin with http:// or https://.")
        self.address, self.token, self.timeout = address.rstrip("/"), token, timeout
        self.opener = urllib.request.build_opener(NoRedirects)

    def call(
        self, method: str, path: str, body: Any = None, query: Mapping[str, str | int] | None = None, key: str = ""
    ) -> Any:
        """Send a request, and return the JSON of the response, the bytes of a file, its text, or None if it is empty.

        A `body` of bytes is sent unchanged; any other body is sent as JSON. The request is repeated at most three
        times, after the wait that the server asked for. Raises Problem if the server refuses, and OSError if it
        cannot be reached.
        """
        headers = {"Idempotency-Key": key or uuid.uuid4().hex} if method == "POST" else {}
        request = self.request(method, path, body, query, headers)
        for attempt in range(1, TRIES + 1):
            try:
                with self.opener.open(request, timeout=self.timeout) as answer:
                    return read(answer)
            except urllib.error.HTTPError as error:
                wait_or_raise(error, attempt)
            except LOST:
                if attempt == TRIES:
                    raise
                time.sleep(attempt)
        raise AssertionError("The last try either returns or raises.")

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> urllib.request.Request:
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        all_headers = {"Accept": "application/json", **(headers or {})}
        if data is not None:
            all_headers["Content-Type"] = "application/octet-stream" if data is body else "application/json"
        if self.token:
            all_headers["Authorization"] = f"Token {self.token}"
        query_text = f"?{urlencode(query)}" if query else ""
        where = f"{self.address}{ROOT}{path}{query_text}"
        return urllib.request.Request(where, data, all_headers, method=method)  # noqa: S310  # __init__ allows only http and https

    def stream(self, path: str, headers: Mapping[str, str]) -> BinaryIO:
        """Open a response that stays open; the caller closes it. Waits as `call` does. Raises Problem or OSError."""
        request = self.request("GET", path, headers={"Accept": "text/event-stream", **headers})
        for attempt in range(1, TRIES + 1):
            try:
                response: BinaryIO = self.opener.open(request, timeout=self.timeout)
            except urllib.error.HTTPError as error:
                wait_or_raise(error, attempt)
            else:
                return response
        raise AssertionError("The last try either returns or raises.")


def wait_or_raise(error: urllib.error.HTTPError, attempt: int) -> None:
    """Wait as long as the server asked for. Raises Problem if it refuses for good, or refused the last try."""
    with error:
        if error.code not in AGAIN or attempt == TRIES:
            raise problem_from(error.code, error.read()) from None
        wait = error.headers.get("Retry-After", "")
        time.sleep(int(wait) if wait.isdecimal() else attempt)  # a proxy may send a date


def read(answer: Any) -> Any:
    content, kind = answer.read(), answer.headers.get("Content-Type", "")
    if "json" in kind:
        return json.loads(content)
    if kind.startswith("application/"):
        return content
    return content.decode() if content else None
