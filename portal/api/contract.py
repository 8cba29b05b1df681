"""The published contract: the errors, links and headers of every call, added to what the endpoints say themselves."""

import re
from collections import defaultdict
from copy import deepcopy
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from portal.refusals import SENTENCES, STATUSES

DECLARED = [Path(__file__).with_name(name) for name in ("common.yaml", "streams.yaml")]
ROOT = "/api/v1"
PROBLEM = "application/problem+json"
RATE = {
    name: {"$ref": f"#/components/headers/{name}"}
    for name in ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
}
BODY = ["invalid_request", "invalid_json", "too_large", "unsupported_media_type"]
MOST_SHARED = 2  # codes of an error that endpoints have in common

type Schema = dict[str, Any]


@cache
def common_parts() -> Schema:
    """Return what belongs to no endpoint: `{plain: {code: {status, says}}, problem, headers, streams, events, …}`."""
    return {name: part for path in DECLARED for name, part in YAML(typ="safe").load(path.read_text()).items()}


def complete(result: Schema, generator: object, request: object, public: bool) -> Schema:
    """Add what one endpoint alone cannot say. This is drf-spectacular's last hook."""
    common, parts = common_parts(), result["components"]
    result["paths"] |= {ROOT + path: deepcopy(calls) for path, calls in common["streams"].items()}
    parts |= {"headers": common["headers"], "parameters": common["parameters"], "responses": {}, "examples": {}}
    parts["schemas"] |= {"Problem": common["problem"], "OptionList": common["options"]} | event_shapes()
    for method, path, call in operations(result):
        finish(result, method, path, call)
    result["paths"] = dict(sorted(result["paths"].items()))
    return result


def event_shapes() -> Schema:
    """Return one shape for each kind of event in a run's stream, and `RunEvent`, which is any of them."""
    shapes = {f"{kind.capitalize()}Event": event_shape(kind, event) for kind, event in common_parts()["events"].items()}
    names = {shape["properties"]["event"]["const"]: f"#/components/schemas/{name}" for name, shape in shapes.items()}
    union = {
        "description": "An event of a run's stream. `event` says which kind it is.",
        "oneOf": [{"$ref": reference} for reference in names.values()],
        "discriminator": {"propertyName": "event", "mapping": names},
    }
    return {**shapes, "RunEvent": union}


def event_shape(kind: str, event: Schema) -> Schema:
    """Return the shape of one event. A `finished` event that is sent after the stream was lost has no id."""
    data = {
        "type": "object",
        "properties": event["data"],
        "required": list(event["data"]),
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "description": event["says"],
        "properties": {"id": {"type": "string"}, "event": {"type": "string", "const": kind}, "data": data},
        "required": ["event", "data"],
        "examples": [{"id": "181", "event": kind, "data": event["example"]}],
    }


def operations(schema: Schema) -> list[tuple[str, str, Schema]]:
    """Return (method, path below the root, operation) of every endpoint."""
    return [
        (method, path.removeprefix(ROOT), call)
        for path, calls in schema["paths"].items()
        for method, call in calls.items()
    ]


def finish(schema: Schema, method: str, path: str, call: Schema) -> None:
    refused, leads = call.pop("x-refuses"), call.pop("x-leads", {})
    for answer in call["responses"].values():
        answer["description"] = answer["description"] or "Done."
        answer["headers"] = RATE
    add_links(schema, call, leads)
    for status, codes in errors(method, path, call, refused).items():
        call["responses"][str(status)] = problem_answer(schema["components"], status, codes)
    call["responses"] = dict(sorted(call["responses"].items()))
    if "key_reused" in refused:
        call.setdefault("parameters", []).append({"$ref": "#/components/parameters/Idempotency-Key"})


def errors(method: str, path: str, call: Schema, refused: list[str]) -> dict[int, list[str]]:
    """Return the codes that an endpoint may answer with, by status: its own, and those of its kind."""
    # The first is for a query parameter that the endpoint does not accept.
    codes = ["invalid_request", "unavailable", "throttled", "party_full", "server_full", *refused]
    if call.get("security"):
        codes.append("authentication_failed")
        codes += [] if {} in call["security"] else ["not_authenticated", "not_permitted"]
    asked = {parameter["name"] for parameter in call.get("parameters", []) if parameter["in"] == "query"}
    if "{" in path or "cursor" in asked:
        codes.append("not_found")
    if method in ("post", "put"):
        codes += ["too_slow", "body_too_large", *(BODY if takes_json(call) else ["too_large"])]
    by_status = defaultdict(set)
    for code in codes:
        by_status[status_of(code)].add(code)
    return {status: sorted(several) for status, several in sorted(by_status.items())}


def takes_json(call: Schema) -> bool:
    """Return whether the body is JSON, or missing, which is read as JSON too."""
    return "requestBody" not in call or "application/json" in call["requestBody"]["content"]


def status_of(code: str) -> int:
    plain = common_parts()["plain"]
    return plain[code]["status"] if code in plain else STATUSES[code]


def problem_answer(parts: Schema, status: int, codes: list[str]) -> Schema:
    """Return an answer in the shape of RFC 9457 whose `code` is one of `codes`. Answers with the same codes are shared.

    The codes are next to `$ref`. A validator reads both, and a client generator makes one type for every error.
    """
    narrowed = {"properties": {"status": {"const": status}, "code": {"enum": codes}}}
    content = {
        "schema": {"$ref": "#/components/schemas/Problem", **narrowed},
        "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
    }
    parts["examples"] |= {code: {"value": problem_example(status, code)} for code in codes}
    answer: Schema = {"description": HTTPStatus(status).phrase, "content": {PROBLEM: content}}
    if status in (429, 503):
        answer["headers"] = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
    if len(codes) > MOST_SHARED:
        return answer
    parts["responses"][".".join(codes)] = answer
    return {"$ref": f"#/components/responses/{'.'.join(codes)}"}


def problem_example(status: int, code: str) -> Schema:
    plain = common_parts()["plain"]
    says = plain[code]["says"] if code in plain else re.sub(r"{\w+}", "…", SENTENCES[code])
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": says, "code": code}


def add_links(schema: Schema, call: Schema, leads: dict[str, str]) -> None:
    """Add OpenAPI links from each id in an answer to every endpoint that takes it."""
    answers = [answer for status, answer in call["responses"].items() if status in ("200", "201", "202")]
    for parameter, pointer in leads.items():
        for _, path, target in operations(schema):
            if re.findall(r"{(\w+)}", path) == [parameter]:
                name = target["operationId"]
                link = {"operationId": name, "parameters": {parameter: f"$response.body#{pointer}"}}
                for answer in answers:
                    answer.setdefault("links", {})[name] = link
