"""The published contract: errors, examples, links and headers, added to the schema from contract.yaml."""

import re
from collections import defaultdict
from copy import deepcopy
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from course.rules.refusals import SENTENCES, STATUSES

DECLARED = Path(__file__).with_name("contract.yaml")
ROOT = "/api/v1"
PROBLEM = "application/problem+json"
RATE = {
    name: {"$ref": f"#/components/headers/{name}"}
    for name in ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
}
BODY = ["invalid_request", "invalid_json", "too_large", "unsupported_media_type"]
MOST_SHARED = 2  # codes of an error that calls have in common

type Schema = dict[str, Any]


@cache
def declared() -> Schema:
    """`{plain: {code: {status, says}}, calls: {"GET /me/": {refuses, leads}}, streams, examples}`."""
    found: Schema = YAML(typ="safe").load(DECLARED.read_text())
    return found


def complete(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """drf-spectacular's last hook: what the views alone cannot say."""
    for path, calls in declared()["streams"].items():
        result["paths"][ROOT + path] = deepcopy(calls)
    parts = result["components"]
    parts |= {name: deepcopy(declared()[name]) for name in ("headers", "parameters")}
    parts |= {"responses": {}, "examples": {}}
    add_shapes(parts.setdefault("schemas", {}))
    for method, path, call in operations(result):
        finish(result, method, path, call)
    result["paths"] = dict(sorted(result["paths"].items()))
    return result


def add_shapes(shapes: Schema) -> None:
    for name, example in declared()["examples"].items():
        if name in shapes:
            shapes[name]["examples"] = [deepcopy(example)]
    shapes |= {"Problem": deepcopy(declared()["problem"]), "OptionList": deepcopy(declared()["options"])}


def operations(schema: Schema) -> list[tuple[str, str, Schema]]:
    """(method, path below the root, operation) of every call."""
    return [
        (method, path.removeprefix(ROOT), call)
        for path, calls in schema["paths"].items()
        for method, call in calls.items()
    ]


def finish(schema: Schema, method: str, path: str, call: Schema) -> None:
    own = declared()["calls"].get(f"{method.upper()} {path}", {})
    refused = own.get("refuses", [])
    for answer in call["responses"].values():
        answer["description"] = answer["description"] or "Done."
        if path not in declared()["streams"]:
            answer["headers"] = RATE
    add_links(schema, call, own.get("leads", {}))
    for status, codes in errors(method, path, call, refused).items():
        call["responses"][str(status)] = problem_answer(schema["components"], status, codes)
    call["responses"] = dict(sorted(call["responses"].items()))
    if "key_reused" in refused:
        call.setdefault("parameters", []).append({"$ref": "#/components/parameters/Idempotency-Key"})


def errors(method: str, path: str, call: Schema, refused: list[str]) -> dict[int, list[str]]:
    """The codes that a call may answer with, by status: its own, and those that its kind has."""
    codes = ["unavailable", *refused]
    if path not in declared()["streams"]:
        codes.append("throttled")
    if call.get("security"):
        codes.append("authentication_failed")
        codes += [] if {} in call["security"] else ["not_authenticated", "not_permitted"]
    asked = {each["name"] for each in call.get("parameters", []) if each["in"] == "query"}
    if asked:
        codes.append("invalid_request")
    if "{" in path or "cursor" in asked:
        codes.append("not_found")
    if method in ("post", "put"):
        codes += BODY if takes_json(call) else ["too_large"]
    found = defaultdict(set)
    for code in codes:
        found[status_of(code)].add(code)
    return {status: sorted(several) for status, several in sorted(found.items())}


def takes_json(call: Schema) -> bool:
    """Its body is JSON, or none, which is read as JSON too."""
    return "requestBody" not in call or "application/json" in call["requestBody"]["content"]


def status_of(code: str) -> int:
    plain = declared()["plain"]
    return plain[code]["status"] if code in plain else STATUSES.get(code, 409)


def problem_answer(parts: Schema, status: int, codes: list[str]) -> Schema:
    """An answer in the shape of RFC 9457 whose `code` is one of `codes`; where it is one of two, others share it."""
    narrowed = {"properties": {"status": {"const": status}, "code": {"enum": codes}}}
    content = {
        "schema": {"allOf": [{"$ref": "#/components/schemas/Problem"}, narrowed]},
        "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
    }
    parts["examples"] |= {code: {"value": problem(status, code)} for code in codes}
    answer: Schema = {"description": HTTPStatus(status).phrase, "content": {PROBLEM: content}}
    if status in (429, 503):
        answer["headers"] = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
    if len(codes) > MOST_SHARED:
        return answer
    parts["responses"][".".join(codes)] = answer
    return {"$ref": f"#/components/responses/{'.'.join(codes)}"}


def problem(status: int, code: str) -> Schema:
    plain = declared()["plain"]
    says = plain[code]["says"] if code in plain else re.sub(r"{\w+}", "…", SENTENCES[code])
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": says, "code": code}


def add_links(schema: Schema, call: Schema, leads: dict[str, str]) -> None:
    """Each id in an answer leads to every call that takes it: OpenAPI links."""
    answers = [answer for status, answer in call["responses"].items() if status in ("200", "201", "202")]
    for parameter, pointer in leads.items():
        for _, path, target in operations(schema):
            if re.findall(r"{(\w+)}", path) == [parameter]:
                name = target["operationId"]
                link = {"operationId": name, "parameters": {parameter: f"$response.body#{pointer}"}}
                for answer in answers:
                    answer.setdefault("links", {})[name] = link
