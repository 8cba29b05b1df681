"""Send requests to Django without a web server and without the test client, and count what each one costs: SQL
statements, calls of Python functions, and bytes. All are the same on every machine, however busy it is.
"""

import gc
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone

from accounts.services import create_token
from bench.floor import settings as floor_settings
from bench.floor.counts import QUESTIONS
from bench.floor.models import Given, Paper
from tests.statements import counted_statements

SECRET = "a" * 32  # of the CSRF cookie and of each form
# Code of the repository that is not the product's, and the code of one database, which runs on that database only.
NOT_OURS = ("tests", "bench", ".venv", "config/sqlite", "config/postgresql")


@dataclass(frozen=True)
class Cost:
    """What a request cost. `statements` are SQL without the bounds of transactions; `called` has the file of each function
    in Python that was called.
    """

    status: int
    body: bytes
    statements: list[str]
    called: list[str]

    @property
    def calls(self) -> int:
        return len(self.called)

    @property
    def own_calls(self) -> int:
        """Return how many calls were of the product's functions, not of Django's or another library's."""
        return sum(map(is_ours, self.called))

    @property
    def size(self) -> int:
        """Return the length of the body, with one digit for each number, of which keys have any number."""
        return len(re.sub(rb"\b\d+\b", b"0", self.body))


class Visitor:
    """Somebody who sends requests, under the settings at the time of creation."""

    def __init__(self, **headers: str) -> None:
        self.requests = RequestFactory(**headers)
        self.handler = BaseHandler()
        self.handler.load_middleware()

    def get(self, path: str) -> Cost:
        return self.send(self.requests.get(path))

    def post(self, path: str, form: Mapping[str, Any], **headers: str) -> Cost:
        return self.send(self.requests.post(path, {**form, "csrfmiddlewaretoken": SECRET}, **headers))

    def json(self, method: str, path: str, body: object = None) -> Cost:
        return self.send(self.requests.generic(method, path, json.dumps(body), "application/json"))

    def send(self, request: HttpRequest) -> Cost:
        with counted_statements() as statements, counted_calls() as calls:
            response = self.handler.get_response(request)
        return Cost(response.status_code, response.content, statements, calls)


def with_browser(user: Any) -> Visitor:
    """Sign somebody in on the pages."""
    client = Client()
    client.force_login(user)
    visitor = Visitor()
    visitor.requests.cookies = client.cookies
    visitor.requests.cookies["csrftoken"] = SECRET
    return visitor


def with_token(user: Any) -> Visitor:
    """Give somebody's program a token for the API."""
    return Visitor(HTTP_AUTHORIZATION=f"Token {create_token(user=user, now=timezone.now())[1]}")


@cache
def is_ours(file: str) -> bool:
    """Return whether a file of code is the product's."""
    path = file.removeprefix(f"{settings.BASE_DIR}/")
    return path != file and not path.startswith(NOT_OURS)


@contextmanager
def counted_calls() -> Iterator[list[str]]:
    """List the calls of Python functions in this thread, each by the file of its code.

    The garbage collector waits: it would call the finalizers of what earlier tests left.
    """
    found: list[str] = []

    def count(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            found.append(frame.f_code.co_filename)

    gc.disable()
    sys.setprofile(count)
    try:
        yield found
    finally:
        sys.setprofile(None)
        gc.enable()


def repeated(action: Callable[[], Cost]) -> list[Cost]:
    """Send a request three times. The first ones fill caches."""
    return [action() for _ in range(3)]


def least(action: Callable[[], Cost]) -> Cost:
    """Repeat a request and return the cheapest."""
    return min(repeated(action), key=lambda cost: cost.calls)


def floor_costs(learner: Any) -> dict[str, Cost]:
    """Return what the floor's requests cost in this process, on this database."""
    editor = connection.SchemaEditorClass(connection)
    editor.deferred_sql = []  # constraints between the tables, which cost a request nothing in Python
    with connection.cursor() as cursor:
        for model in (Paper, Given):
            statement, _parameters = editor.table_sql(model)
            cursor.execute(statement)
    Paper.objects.bulk_create([Paper(learner_id=learner.pk, question=number) for number in range(QUESTIONS)])
    floor = {name: getattr(floor_settings, name) for name in ("ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES")}
    with override_settings(**floor, SESSION_ENGINE="django.contrib.sessions.backends.db"):
        visitor = with_browser(learner)
        return {
            "page": least(lambda: visitor.get("/page/1/")),
            "progress": least(lambda: visitor.get("/progress/")),
            "answer": least(lambda: visitor.post("/answer/1/", {"response": "0"})),
        }
