"""Check every answer of the API against the published schema, more strictly than a client would."""

import json
import re
from copy import deepcopy
from functools import cache
from typing import Any

import jsonschema_rs
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

ROOT = "/api/v1"


@cache
def schema() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


@cache
def parts() -> dict[str, Any]:
    """Return the components. A shape has exactly the fields that it names, except problems with their facts."""
    found = deepcopy(schema()["components"])
    for name, shape in found["schemas"].items():
        if "properties" in shape and name != "Problem":
            shape.setdefault("additionalProperties", False)
    return found


@cache
def call_at(method: str, path: str) -> dict[str, Any] | None:
    """Return the operation at this address, or None if the API has none."""
    for template, calls in schema()["paths"].items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            return calls.get(method.lower())
    return None


def is_for_staff(method: str, path: str) -> bool:
    """Return whether a token needs the scope `staff` there."""
    call = call_at(method, path)
    return call is not None and {"token": ["staff"]} in call["security"]


@cache
def validator(reference: str) -> Any:
    return jsonschema_rs.validator_for({"$ref": reference, "components": parts()})


def mistakes(content: Any, shape: dict[str, Any]) -> list[str]:
    check = (
        validator(shape["$ref"])
        if set(shape) == {"$ref"}
        else jsonschema_rs.validator_for(shape | {"components": parts()})
    )
    return [f"{error.instance_path}: {error.message}" for error in check.iter_errors(content)]


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
