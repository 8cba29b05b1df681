"""Every answer of the API held against the published schema, more strictly than a client would."""

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
    """The components; a shape has the fields that it names and no others, but for problems and their facts."""
    found = deepcopy(schema()["components"])
    for name, shape in found["schemas"].items():
        if "properties" in shape and name != "Problem":
            shape.setdefault("additionalProperties", False)
    return found


@cache
def call_at(method: str, path: str) -> dict[str, Any] | None:
    """The operation that answers there, or None where the API has none."""
    for template, calls in schema()["paths"].items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
            return calls.get(method.lower())
    return None


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


def hold(answer: Any, method: str, path: str) -> None:
    """Raise AssertionError where the answer's status, type, headers or body is none that the schema declares."""
    call = call_at(method, path)
    if call is None:
        assert answer.status_code in {404, 405}, (method, path, answer.status_code)
        return
    told = call["responses"].get(str(answer.status_code))
    assert told, f"{method} {path} answered {answer.status_code} {answer.content!r}, which it does not declare"
    told = parts()["responses"].get(told.get("$ref", "").rpartition("/")[2], told)
    if "content" not in told:
        assert answer.content == b""
        return
    kind = answer["Content-Type"].partition(";")[0]
    assert kind in told["content"], (method, path, kind)
    if kind.endswith("json"):
        wrong = mistakes(answer.json(), told["content"][kind]["schema"])
        assert wrong == [], f"{method} {path} {answer.status_code}: {wrong}"


class ContractClient(APIClient):
    """A client that believes no answer before the schema allows it."""

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        if request["PATH_INFO"].startswith(ROOT):
            hold(answer, request["REQUEST_METHOD"], request["PATH_INFO"])
        return answer
