"""The API to read: the schema as a page, made from the same classes that answer (GET /api/v1/docs/)."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from portal.api.contract import PROBLEM, declared

EVERYWHERE = {*declared()["plain"], "not_found", "not_permitted", "key_reused"} - {"otp_required", "otp_invalid"}
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    is_required: bool


@dataclass(frozen=True)
class Call:
    """One method of one address: what it does, what it takes, by status what it gives, by status why it refuses.

    `example` is a body to send; `refuses` are its own reasons, beside those that every call has.
    """

    name: str
    tag: str
    method: str
    path: str
    does: str
    takes: tuple[Field, ...]
    example: str
    gives: tuple[tuple[str, str, tuple[Field, ...]], ...]
    refuses: tuple[tuple[str, tuple[str, ...]], ...]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    return render(
        request, "portal/api_docs.html", {"calls": calls(), "everywhere": sorted(EVERYWHERE), "section": "api"}
    )


@cache
def calls() -> tuple[Call, ...]:
    """Every call of the schema in the order of its addresses; the schema is the same for everyone."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return tuple(
        call_of(method, path, operations[method], schema["components"])
        for path, operations in schema["paths"].items()
        for method in METHODS
        if method in operations
    )


def call_of(method: str, path: str, operation: dict[str, Any], parts: dict[str, Any]) -> Call:
    answers = {status: resolved(answer, parts) for status, answer in operation["responses"].items()}
    gives = tuple(
        (status, shape_name(answer), fields_of(answer, parts["schemas"]))
        for status, answer in answers.items()
        if status < "400"
    )
    refuses = tuple((status, codes_of(answer)) for status, answer in answers.items() if status >= "400")
    body = operation.get("requestBody", {})
    return Call(
        name=operation["operationId"],
        tag=operation["tags"][0],
        method=method.upper(),
        path=path,
        does=operation.get("description", ""),
        takes=fields_of(body, parts["schemas"]),
        example=example_of(parts["schemas"].get(shape_name(body), {})),
        gives=gives,
        refuses=tuple((status, codes) for status, codes in refuses if codes),
    )


def example_of(shape: dict[str, Any]) -> str:
    return json.dumps(shape["examples"][0], ensure_ascii=False, indent=2) if "examples" in shape else ""


def resolved(answer: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = parts["responses"].get(answer.get("$ref", "").rpartition("/")[2], answer)
    return found


def codes_of(answer: dict[str, Any]) -> tuple[str, ...]:
    return tuple(code for code in answer["content"][PROBLEM]["examples"] if code not in EVERYWHERE)


def shape_of(body: dict[str, Any]) -> dict[str, Any]:
    """The JSON schema of a request's or an answer's body; empty for none."""
    found = body.get("content", {}).get("application/json", {}).get("schema", {})
    return found.get("items", found) if found.get("type") == "array" else found


def shape_name(body: dict[str, Any]) -> str:
    return shape_of(body).get("$ref", "").rpartition("/")[2]


def fields_of(body: dict[str, Any], shapes: dict[str, Any]) -> tuple[Field, ...]:
    shape = shapes.get(shape_name(body), shape_of(body))
    required = set(shape.get("required", ()))
    return tuple(Field(name, kind_of(found), name in required) for name, found in shape.get("properties", {}).items())


def kind_of(found: dict[str, Any]) -> str:
    """A property's type in a word: "string", "list of OutlineModule", "Progress or null"."""
    if "$ref" in found:
        return str(found["$ref"]).rpartition("/")[2]
    if found.get("type") == "array":
        return f"list of {kind_of(found['items'])}"
    several = found.get("oneOf") or found.get("anyOf") or found.get("allOf")
    if several:
        return " or ".join(kind_of(each) for each in several)
    kind = found.get("type", "any JSON")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
