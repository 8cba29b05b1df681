"""The published schema is checked in, valid, complete, and matches its examples."""

import inspect
import json
import re

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema
from rest_framework.schemas.generators import EndpointEnumerator

from config.environment import ROOT
from config.server import refusing
from foundation.frame.endpoint import Endpoint
from foundation.refusals import refuses
from people.endpoint import Taught
from portal.api.contract import common_parts, operations
from portal.refusals import SENTENCES
from tests.contract import mistakes, schema


@pytest.fixture(scope="module")
def generated():
    """The schema as the code makes it now, and the warnings of that."""
    GENERATOR_STATS.reset()
    found = SchemaGenerator().get_schema(request=None, public=True)
    return found, bool(GENERATOR_STATS)


def names_used():
    """Return the shapes that are the body or the answer of some endpoint."""
    for _, _, call in operations(schema()):
        bodies = [call.get("requestBody", {}), *call["responses"].values()]
        for body in bodies:
            shape = body.get("content", {}).get("application/json", {}).get("schema", {})
            yield shape.get("$ref", "").rpartition("/")[2]


def test_the_schema_that_is_checked_in_is_the_one_that_the_code_makes(generated):
    """Run `make openapi` to write it again."""
    found, _ = generated
    assert (ROOT / "docs" / "openapi.yaml").read_bytes() == OpenApiYamlRenderer().render(found)


def test_it_is_valid_openapi_31_and_made_without_a_warning(generated):
    found, has_warnings = generated
    assert found["openapi"] == "3.1.0"
    assert not has_warnings
    validate_schema(found)


class Undeclared(Endpoint):
    @refuses()
    def get(self, request):
        """Say that it refuses nothing."""

    def post(self, request):
        """Say nothing about refusals."""


class UndeclaredOfStaff(Taught):
    def get(self, request, slug):
        """Read, so the base says all."""

    def put(self, request, slug):
        """Say nothing about refusals."""


@pytest.mark.parametrize(("kind", "method"), [(Undeclared, "POST"), (UndeclaredOfStaff, "PUT")])
def test_no_schema_is_made_of_a_call_that_does_not_declare_its_refusals(kind, method):
    with pytest.raises(AssertionError, match=f"{kind.__name__}.{method.lower()} lacks @refuses"):
        kind.refusals(method)


def test_the_kind_of_a_call_says_refusals_for_it():
    assert Undeclared.refusals("GET") == set()
    assert UndeclaredOfStaff.refusals("GET") == {"role_insufficient", "second_factor_needed"}
    of_staff = refuses("expiry_past")(type("Declared", (UndeclaredOfStaff,), {}))
    of_change = {"role_insufficient", "second_factor_needed", "course_archived", "expiry_past"}
    assert of_staff.refusals("PUT") == of_change


def test_a_post_takes_an_idempotency_key_if_its_class_answers_once():
    declared, answering = set(), set()
    for path, method, view in EndpointEnumerator().get_api_endpoints():
        if method == "POST" and path in schema()["paths"]:
            kinds = view.cls.__mro__[: view.cls.__mro__.index(Endpoint)]
            declared |= {path} if view.cls.takes_key else set()
            answering |= {path} if any("self.once" in inspect.getsource(kind) for kind in kinds) else set()
    assert declared == answering != set()


def codes_told():
    """Return the status of every code that some call may answer with."""
    return {
        code: int(status)
        for _, _, call in operations(schema())
        for status, answer in call["responses"].items()
        if status >= "400"
        for code in problem_of(answer)["properties"]["code"]["enum"]
    }


def test_every_declared_refusal_has_its_sentence():
    assert set(codes_told()) - set(SENTENCES) - set(common_parts()["plain"]) == set()


def test_the_guide_lists_every_code_with_its_status():
    told = codes_told()
    listed = {}
    for row in (ROOT / "docs" / "api.md").read_text().splitlines():
        if found := re.match(r"\| (\d{3}) \| (`.*?`) \|", row):
            listed |= dict.fromkeys(re.findall(r"`(\w+)`", found[2]), int(found[1]))
    assert {code: listed.get(code) for code in told} == told


def test_the_schema_quotes_what_the_server_says_when_it_refuses_a_request():
    quoted = {code: (each["status"], each["says"]) for code, each in common_parts()["plain"].items()}
    assert {code: quoted[code] for code in refusing.SENTENCES} == refusing.SENTENCES


def test_every_body_and_answer_has_an_example():
    used = {name for name in names_used() if name and not name.endswith("Page")}
    assert used - set(examples()) == set()


def examples():
    """Return the example of each shape that has one."""
    shapes = schema()["components"]["schemas"].items()
    return {name: shape["examples"][0] for name, shape in shapes if "examples" in shape}


@pytest.mark.parametrize("name", sorted(examples()))
def test_an_example_matches_its_shape(name):
    assert mistakes(examples()[name], {"$ref": f"#/components/schemas/{name}"}) == []


def test_a_wrong_answer_would_be_seen():
    shape = {"$ref": "#/components/schemas/Me"}
    right = examples()["Me"]
    assert mistakes(right | {"password": "x"}, shape) != []
    assert mistakes({"username": "ada"}, shape) != []


def test_the_schema_states_where_the_api_is_served():
    [server] = schema()["servers"]
    assert (server["url"], server["variables"]["origin"]["default"]) == ("{origin}", "http://localhost:8000")


def parts_in(shape):
    """Every object in the schema, at any depth."""
    if isinstance(shape, list):
        for each in shape:
            yield from parts_in(each)
    if isinstance(shape, dict):
        yield shape
        for each in shape.values():
            yield from parts_in(each)


def test_every_array_in_the_schema_declares_its_items():
    bare = [part for part in parts_in(schema()) if "array" in (part.get("type") or ()) and "items" not in part]
    assert bare == []


def problem_of(answer):
    """Return the shape of an error, whether or not its answer is shared."""
    told = schema()["components"]["responses"].get(answer.get("$ref", "").rpartition("/")[2], answer)
    return told["content"]["application/problem+json"]["schema"]


def test_every_error_is_a_problem_with_the_codes_of_its_call():
    for method, path, call in operations(schema()):
        for status, answer in call["responses"].items():
            if status >= "400":
                shape = problem_of(answer)
                assert shape["$ref"] == "#/components/schemas/Problem", (method, path, status)
                assert mistakes(problem(int(status), shape["properties"]["code"]["enum"][0]), shape) == []
                assert mistakes(problem(int(status), "another_code"), shape) != []


def problem(status, code):
    return {"type": "about:blank", "title": "No", "status": status, "detail": "No.", "code": code}


QUESTION = examples()["AssessmentOut"]["questions"][0]


@pytest.mark.parametrize(("options", "is_right"), [([], True), (QUESTION["options"], True), (None, False)])
def test_a_question_without_options_has_an_empty_list_of_them(options, is_right):
    assert (mistakes(QUESTION | {"options": options}, {"$ref": "#/components/schemas/QuestionOut"}) == []) is is_right


def test_a_wrong_event_would_be_seen():
    event = {"id": "1", "event": "frame", "data": {"seq": 1, "cell": None, "data": {}}}
    shape = {"$ref": "#/components/schemas/RunEvent"}
    assert mistakes(event, shape) == []
    assert mistakes(event | {"data": {"seq": 1}}, shape) != []
    assert mistakes(event | {"event": "unknown"}, shape) != []


@pytest.mark.parametrize("accept", ["*/*", "application/vnd.oai.openapi", "text/html"])
def test_the_file_is_served_as_it_is_and_an_unchanged_one_is_not_sent_again(client, accept):
    first = client.get("/api/v1/schema/", headers={"accept": accept})
    assert first.content == (ROOT / "docs" / "openapi.yaml").read_bytes()
    assert (first["Content-Type"], first["Cache-Control"]) == ("application/vnd.oai.openapi", "public, max-age=300")
    again = client.get("/api/v1/schema/", headers={"accept": accept, "if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("asked", [{"query_params": {"format": "json"}}, {"headers": {"accept": "application/json"}}])
def test_the_schema_is_served_as_json_too(client, asked):
    assert client.get("/api/v1/schema/", **asked).json() == json.loads(json.dumps(schema()))


def test_the_schema_takes_no_other_parameter(client):
    assert client.get("/api/v1/schema/?lang=de").status_code == 400


@pytest.mark.django_db
def test_strangers_cannot_make_the_server_build_the_schema_or_its_page_again(client, monkeypatch):
    """Both are read from the file. Building the schema took a tenth of a second and was not thread-safe."""
    monkeypatch.setattr(SchemaGenerator, "get_schema", must_not_be_called)
    pages = [client.get(f"/api/v1/{name}/").status_code for name in ("schema", "docs", "schema", "docs")]
    assert pages == [200] * 4


def must_not_be_called(*_, **__):
    raise AssertionError("the schema is built for a request")
