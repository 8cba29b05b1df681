"""Send requests to Django without a web server and without the test client, and count what each one costs: SQL
statements, and calls of Python functions. Both are the same on every machine, however busy it is.
"""

import gc
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True)
class Cost:
    """What a request cost. `statements` are SQL without the bounds of transactions; `calls` are calls in Python."""

    status: int
    body: bytes
    statements: list[str]
    calls: int


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
        return Cost(response.status_code, response.content, statements, calls[0])


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


@contextmanager
def counted_calls() -> Iterator[list[int]]:
    """Count the calls of Python functions in this thread. The list holds their number when the block ends.

    The garbage collector waits: it would call the finalizers of what earlier tests left.
    """
    found = [0]

    def count(frame: object, event: str, argument: object) -> None:
        found[0] += event == "call"

    gc.disable()
    sys.setprofile(count)
    try:
        yield found
    finally:
        sys.setprofile(None)
        gc.enable()


def least(action: Callable[[], Cost], times: int = 3) -> Cost:
    """Repeat a request and return the cheapest. The first ones fill caches."""
    return min((action() for _ in range(times)), key=lambda cost: cost.calls)


def floor_costs(learner: Any) -> dict[str, Cost]:
    """Return what the floor's requests cost in this process, on this database."""
    editor = connection.SchemaEditorClass(connection)
    editor.deferred_sql = []  # constraints between the tables, which cost a request nothing in Python
    with connection.cursor() as cursor:
        for model in (Paper, Given):
            statement, _parameters = editor.table_sql(model)
            cursor.execute(statement)
    Paper.objects.bulk_create([Paper(learner_id=learner.pk, question=number) for number in range(QUESTIONS)])
    settings = {name: getattr(floor_settings, name) for name in ("ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES")}
    with override_settings(**settings, SESSION_ENGINE="django.contrib.sessions.backends.db"):
        visitor = with_browser(learner)
        return {
            "page": least(lambda: visitor.get("/page/1/")),
            "progress": least(lambda: visitor.get("/progress/")),
            "answer": least(lambda: visitor.post("/answer/1/", {"response": "0"})),
        }
