"""Requests that Schemathesis generates from the published schema, and requirements for every answer."""

from typing import Any
from urllib.parse import urlsplit

import schemathesis
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as openapi

from accounts.models import ApiToken
from accounts.services import create_token
from config.wsgi import application
from tests.contract import hold, is_for_staff
from tests.portal.api.world import World


def says_nothing_undeclared(_: Any, answer: Any, case: Any) -> None:
    """Undeclared fields are a mistake too, although clients would ignore them."""
    kind = answer.headers.get("content-type", [""])[0]
    hold(case.method, urlsplit(answer.request.url).path, answer.status_code, kind, answer.content)


def refuses_what_is_wrong(context: Any, answer: Any, case: Any) -> Any:
    """Accept a body beyond the size limit as a wrong request, which Schemathesis does not do."""
    return answer.status_code == 413 or openapi.negative_data_rejection(context, answer, case)


CHECKS = [
    says_nothing_undeclared,
    not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_headers_conformance,
    openapi.response_schema_conformance,
    refuses_what_is_wrong,
]
STREAM = "GET /api/v1/runs/{run_id}/events/"
QUIET = list(HealthCheck)


def published() -> Any:
    """Return the schema as served, without the stream, which never ends here."""
    found = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
    return found.exclude(path_regex="/events/$")


class Caller:
    """Ada, who stays enrolled and signed in whatever earlier requests did; for staff requests, the instructor."""

    def __init__(self, world: World) -> None:
        self.world, self.asked, self.statuses = world, 0, {}
        self.token, self.staff = "", world.token("instructor", ("staff",))

    def headers(self, case: Any) -> dict[str, str]:
        ada = self.world.people["ada"]
        if not ApiToken.objects.filter(token_key=self.token[:15]).exists():
            self.token = create_token(user=ada, now=timezone.now())[1]
        ada.enrollments.update(unenrolled_at=None)
        token = self.staff if is_for_staff(case.method, case.operation.path) else self.token
        return {"Authorization": f"Token {token}", "Accept-Encoding": "identity"}

    def ask(self, case: Any) -> None:
        answer = case.call(headers=self.headers(case))
        self.count(answer)
        case.validate_response(answer, checks=CHECKS)

    def count(self, answer: Any) -> None:
        self.asked += 1
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1


class Visitor(Caller):
    """Somebody without an account, who sends no token."""

    def headers(self, case: Any) -> dict[str, str]:
        return {"Accept-Encoding": "identity"}

    def count(self, answer: Any) -> None:
        super().count(answer)
        assert answer.request.method == "GET" or answer.status_code >= 400, "a visitor changed something"


def guess(caller: Caller, each: int, *, is_same: bool = True) -> None:
    """Send `each` requests per endpoint, many of them about existing objects: the same requests every time, or new ones."""
    for found in published().get_all_operations():
        guess_one(found.ok(), caller, guesses(each, is_same))


def guesses(number: int, is_same: bool, **more: Any) -> Any:
    return settings(
        max_examples=number,
        phases=[Phase.generate],
        suppress_health_check=QUIET,
        database=None,
        derandomize=is_same,
        deadline=None,
        **more,
    )


def guess_one(call: Any, caller: Caller, how: Any) -> None:
    there = {name: value for name, value in caller.world.ids.items() if f"{{{name}}}" in call.path}
    modes = schemathesis.GenerationMode
    cases = st.one_of(
        call.as_strategy(),
        call.as_strategy(path_parameters=there or None),
        call.as_strategy(modes.NEGATIVE, path_parameters=there or None),
    )

    @how
    @given(case=cases)
    def ask(case: Any) -> None:
        caller.ask(case)

    ask()


def follow_links(caller: Caller, walks: int, steps: int, *, is_same: bool = True) -> None:
    """Walk along the schema's links: request next what an answer names."""

    class Walk(published().as_state_machine()):
        def setup(self) -> None:
            """Start every walk from the same state, because Hypothesis compares walks."""
            self.start = transaction.savepoint_create()

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.start)

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": caller.headers(case)}

        def after_call(self, response: Any, case: Any) -> None:
            caller.count(response)
            super().after_call(response, case)

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            case.validate_response(response, checks=CHECKS)

    Walk.run(settings=guesses(walks, is_same, stateful_step_count=steps))
