"""The API documentation: the published schema as a page (GET /api/v1/docs/).

It is the same for everyone, so it is rendered once.
"""

import json
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from portal.api.contract import PROBLEM, common_parts
from portal.api.published import ApiBody, ApiOperation, ApiParts, ApiShape, parsed

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class ApiField:
    name: str
    kind: str
    is_required: bool


@dataclass(frozen=True)
class ApiCall:
    """One method of one address: its effect, its input, the answers by status, and the refusals by status.

    `example` is a body to send; `refuses` are its own refusals, in addition to those of every endpoint.
    """

    name: str
    tag: str
    method: str
    path: str
    does: str
    takes: tuple[ApiField, ...]
    example: str
    gives: tuple[tuple[str, str, tuple[ApiField, ...]], ...]
    refuses: tuple[tuple[str, tuple[str, ...]], ...]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "portal/api_docs.html",
        {"calls": shown_calls(), "everywhere": sorted(refused_everywhere()), "section": "api"},
    )


@cache
def refused_everywhere() -> frozenset[str]:
    """Return the codes of the refusals that every endpoint may give, which the page lists once."""
    plain = {*common_parts()["plain"]} - {"otp_required", "otp_invalid"}
    return frozenset(plain | {"not_found", "not_permitted", "key_reused"})


@cache
def shown_calls() -> SafeString:
    return render_to_string("portal/api_calls.html", {"calls": calls()})


def calls() -> tuple[ApiCall, ...]:
    """Return every endpoint of the schema in the order of addresses."""
    schema = parsed()
    return tuple(
        call_of(method, path, operations[method], schema["components"])
        for path, operations in schema["paths"].items()
        for method in METHODS
        if method in operations
    )


def call_of(method: str, path: str, operation: ApiOperation, parts: ApiParts) -> ApiCall:
    answers = {status: resolved(answer, parts) for status, answer in operation["responses"].items()}
    gives = tuple(
        (status, shape_name(answer), api_fields(answer, parts["schemas"]))
        for status, answer in answers.items()
        if status < "400"
    )
    refuses = tuple((status, codes_of(answer)) for status, answer in answers.items() if status >= "400")
    body = operation.get("requestBody", {})
    return ApiCall(
        name=operation["operationId"],
        tag=operation["tags"][0],
        method=method.upper(),
        path=path,
        does=operation.get("description", "").replace("`", ""),
        takes=api_fields(body, parts["schemas"]),
        example=shown_example(parts["schemas"].get(shape_name(body), {})),
        gives=gives,
        refuses=tuple((status, codes) for status, codes in refuses if codes),
    )


def shown_example(shape: ApiShape) -> str:
    return json.dumps(shape["examples"][0], ensure_ascii=False, indent=2) if "examples" in shape else ""


def resolved(answer: ApiBody, parts: ApiParts) -> ApiBody:
    return parts["responses"].get(answer.get("$ref", "").rpartition("/")[2], answer)


def codes_of(answer: ApiBody) -> tuple[str, ...]:
    return tuple(code for code in answer["content"][PROBLEM]["examples"] if code not in refused_everywhere())


def body_shape(body: ApiBody) -> ApiShape:
    """Return the JSON schema of a request's or an answer's body, or of an event in a stream; empty without a body."""
    kinds = body.get("content", {})
    stream = kinds.get("text/event-stream", {}).get("schema", {}).get("contentSchema", {})
    schema = kinds.get("application/json", {}).get("schema", stream)
    return schema.get("items", schema) if schema.get("type") == "array" else schema


def shape_name(body: ApiBody) -> str:
    return body_shape(body).get("$ref", "").rpartition("/")[2]


def api_fields(body: ApiBody, shapes: dict[str, ApiShape]) -> tuple[ApiField, ...]:
    shape = shapes.get(shape_name(body), body_shape(body))
    if "discriminator" in shape:
        return tuple(event_of(kind, reference, shapes) for kind, reference in shape["discriminator"]["mapping"].items())
    required = set(shape.get("required", ()))
    return tuple(
        ApiField(name, kind_of(schema), name in required) for name, schema in shape.get("properties", {}).items()
    )


def event_of(kind: str, reference: str, shapes: dict[str, ApiShape]) -> ApiField:
    """Return a kind of event, with the fields of its data."""
    data = shapes[reference.rpartition("/")[2]]["properties"]["data"]
    return ApiField(kind, ", ".join(data["properties"]) or "nothing", is_required=True)


def kind_of(schema: ApiShape) -> str:
    """Return a property's type in words: "string", "list of OutlineModule", "Progress or null"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        return f"list of {kind_of(schema['items'])}"
    several = schema.get("oneOf") or schema.get("anyOf") or schema.get("allOf")
    if several:
        return " or ".join(kind_of(part) for part in several)
    kind = schema.get("type", "any JSON")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
