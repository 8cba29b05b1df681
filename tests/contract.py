"""Check every answer of the API against the published schema, more strictly than a client would."""

import json
import re
from copy import deepcopy
from functools import cache
from typing import Any

import jsonschema_rs
from rest_framework.test import APIClient

from portal.api import published

ROOT = "/api/v1"


@cache
def schema() -> dict[str, Any]:
    """Return docs/openapi.yaml; tests/portal/api/test_schema.py compares it with the code, which takes seconds to read."""
    return dict(published.parsed())


@cache
def parts() -> dict[str, Any]:
    """Return the components. A shape has exactly the fields that it names, except problems with their facts."""
    found = deepcopy(schema()["components"])
    for name, shape in found["schemas"].items():
        if "properties" in shape and name != "Problem":
            shape.setdefault("additionalProperties", False)
    return found


@cache
def addresses() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """Return the operations at each address of the schema."""
    paths = schema()["paths"].items()
    return [(re.compile(re.sub(r"{\w+}", "[^/]+", template)), calls) for template, calls in paths]


@cache
def call_at(method: str, path: str) -> dict[str, Any] | None:
    """Return the operation at this address, or None if the API has none."""
    return next((calls.get(method.lower()) for pattern, calls in addresses() if pattern.fullmatch(path)), None)


def is_for_staff(method: str, path: str) -> bool:
    """Return whether a token needs the scope `staff` there."""
    call = call_at(method, path)
    return call is not None and {"token": ["staff"]} in call["security"]


@cache
def validator(shape: str) -> Any:
    """Return what validates this shape, which is written as JSON so that each one is built once."""
    return jsonschema_rs.validator_for(json.loads(shape) | {"components": parts()})


def mistakes(content: Any, shape: dict[str, Any]) -> list[str]:
    found = validator(json.dumps(shape)).iter_errors(content)
    return [f"{error.instance_path}: {error.message}" for error in found]


def hold(method: str, path: str, status: int, kind: str, content: bytes) -> None:
    """Raise AssertionError if the schema does not declare an answer's status, type or body."""
    call = call_at(method, path)
    if call is None:
        assert status in {404, 405}, (method, path, status)
        return
    told = call["responses"].get(str(status))
    assert told, f"{method} {path} answered {status} {content!r}, which it does not declare"
    told = parts()["responses"].get(told.get("$ref", "").rpartition("/")[2], told)
    if "content" not in told:
        assert content == b""
        return
    kind = kind.partition(";")[0]
    assert kind in told["content"], (method, path, kind)
    if kind.endswith("json"):
        wrong = mistakes(json.loads(content), told["content"][kind]["schema"])
        assert wrong == [], f"{method} {path} {status}: {wrong}"


class ContractClient(APIClient):
    """A client that checks every answer against the schema."""

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        if request["PATH_INFO"].startswith(ROOT) and not answer.streaming:
            kind = answer.headers.get("Content-Type", "")
            hold(request["REQUEST_METHOD"], request["PATH_INFO"], answer.status_code, kind, answer.content)
        return answer
