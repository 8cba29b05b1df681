"""The published schema: the file docs/openapi.yaml, read once per process. A test compares it with the code."""

import json
from functools import cache
from typing import NotRequired, TypedDict

import yaml
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import conditional_page, require_safe

FILE = settings.BASE_DIR / "docs" / "openapi.yaml"
YAML_TYPE, JSON_TYPE = "application/vnd.oai.openapi", "application/vnd.oai.openapi+json"
# The parts of an OpenAPI document that the page of the API reads.
ApiShape = TypedDict(
    "ApiShape",
    {
        "$ref": str,
        "type": str | list[str],
        "items": "ApiShape",
        "oneOf": "list[ApiShape]",
        "anyOf": "list[ApiShape]",
        "allOf": "list[ApiShape]",
        "properties": "dict[str, ApiShape]",
        "required": list[str],
        "examples": list[object],
        "discriminator": "ApiDiscriminator",
        "contentSchema": "ApiShape",
    },
    total=False,
)
ApiBody = TypedDict("ApiBody", {"$ref": str, "content": "dict[str, ApiMedia]"}, total=False)


class ApiDiscriminator(TypedDict):
    mapping: dict[str, str]


class ApiMedia(TypedDict, total=False):
    schema: ApiShape
    examples: dict[str, object]


class ApiOperation(TypedDict):
    operationId: str
    tags: list[str]
    description: NotRequired[str]
    requestBody: NotRequired[ApiBody]
    responses: dict[str, ApiBody]


class ApiParts(TypedDict):
    responses: dict[str, ApiBody]
    schemas: dict[str, ApiShape]


class ApiDocument(TypedDict):
    paths: dict[str, dict[str, ApiOperation]]
    components: ApiParts


AGE = 300  # seconds for which a client need not ask again


@conditional_page
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """Return the schema as YAML, or as JSON if `?format=json` or Accept asks for it, with an ETag."""
    wanted = request.GET.get("format")
    if set(request.GET) - {"format"} or (wanted is not None and wanted not in ("yaml", "json")):
        return invalid_request("The schema takes one parameter, format, which is yaml or json. Correct the address.")
    is_json = wanted == "json" if wanted else prefers_json(request)
    response = HttpResponse(as_json() if is_json else as_yaml(), content_type=JSON_TYPE if is_json else YAML_TYPE)
    patch_cache_control(response, public=True, max_age=AGE)
    patch_vary_headers(response, ["Accept"])
    return response


def prefers_json(request: HttpRequest) -> bool:
    kinds = [YAML_TYPE, "application/yaml", JSON_TYPE, "application/json"]
    return request.get_preferred_type(kinds) in (JSON_TYPE, "application/json")


def invalid_request(detail: str) -> HttpResponse:
    body = {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": detail, "code": "invalid_request"}
    return JsonResponse(body, status=400, content_type="application/problem+json")


@cache
def as_yaml() -> bytes:
    return FILE.read_bytes()


@cache
def as_json() -> bytes:
    return json.dumps(parsed(), ensure_ascii=False).encode()


@cache
def parsed() -> ApiDocument:
    document: ApiDocument = yaml.load(as_yaml(), Loader=yaml.CSafeLoader)
    return document
