"""The published schema: checked in, valid, complete, and true of its own examples."""

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.validation import validate_schema

from config.environment import ROOT
from course.rules.refusals import SENTENCES
from portal.api.contract import declared, operations
from tests.contract import mistakes, schema


def names_used():
    """The shapes that are some call's body or answer."""
    for _, _, call in operations(schema()):
        bodies = [call.get("requestBody", {}), *call["responses"].values()]
        for body in bodies:
            shape = body.get("content", {}).get("application/json", {}).get("schema", {})
            yield shape.get("$ref", "").rpartition("/")[2]


def test_the_schema_that_is_checked_in_is_the_one_that_is_served():
    """`make openapi` writes it anew."""
    assert (ROOT / "docs" / "openapi.yaml").read_bytes() == OpenApiYamlRenderer().render(schema())


def test_it_is_valid_openapi_31_and_made_without_a_warning():
    GENERATOR_STATS.reset()
    found = SchemaGenerator().get_schema(request=None, public=True)
    assert found["openapi"] == "3.1.0"
    assert not GENERATOR_STATS
    validate_schema(found)


def test_every_call_is_declared_and_nothing_else():
    calls = {f"{method.upper()} {path}" for method, path, _ in operations(schema())}
    assert set(declared()["calls"]) == calls


def test_every_declared_refusal_has_its_sentence():
    told = {code for call in declared()["calls"].values() for code in call.get("refuses", [])}
    assert told - set(SENTENCES) - set(declared()["plain"]) == set()


def test_every_body_and_answer_has_an_example():
    used = {name for name in names_used() if name and not name.endswith("Page")}
    assert used - set(declared()["examples"]) == set()


@pytest.mark.parametrize("name", sorted(declared()["examples"]))
def test_an_example_is_what_its_shape_says(name):
    assert mistakes(declared()["examples"][name], {"$ref": f"#/components/schemas/{name}"}) == []


def test_a_wrong_answer_would_be_seen():
    shape = {"$ref": "#/components/schemas/Me"}
    right = declared()["examples"]["Me"]
    assert mistakes(right | {"password": "x"}, shape) != []
    assert mistakes({"username": "ada"}, shape) != []
