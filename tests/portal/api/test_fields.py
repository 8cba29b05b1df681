"""Undeclared fields: every field of every model, sent to every endpoint that writes."""

import pytest
from django.apps import apps

from portal.api.contract import operations
from tests.contract import is_for_staff, parts, schema
from tests.portal.api.asking import RAW, ask, bodies, call_parts

OURS = ("course", "grading", "quizzes", "labs")


def model_fields():
    """Return the names of all our columns and of the API's fields: whatever somebody might try to set."""
    columns = {
        field.name for app in OURS for model in apps.get_app_config(app).get_models() for field in model._meta.fields
    }
    shown = {name for shape in parts()["schemas"].values() for name in shape.get("properties", {})}
    return columns | shown | {f"{name}_id" for name in columns}


def rows():
    """Return everything that is stored."""
    return {
        model: list(model._base_manager.order_by("pk").values_list())
        for app in OURS
        for model in apps.get_app_config(app).get_models()
    }


def writing_calls():
    """Yield each endpoint that reads JSON, with the schemas of its declared fields by name."""
    for method, path, call in operations(schema()):
        name = f"{method.upper()} {path}"
        if method in ("post", "put") and name not in RAW:
            body = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            shape = parts()["schemas"].get(body.get("$ref", "").rpartition("/")[2], {})
            yield name, shape.get("properties", {})


@pytest.mark.django_db
def test_no_call_takes_a_field_that_it_does_not_declare(world):
    ada, instructor, before, tried = world.client("ada"), world.client("instructor"), rows(), 0
    for call, declared in writing_calls():
        foreign = model_fields() - declared.keys()
        body = dict.fromkeys(foreign, "1") | (bodies(world).get(call) or {})
        answer = ask(call, instructor if is_for_staff(*call_parts(call)) else ada, world, body)
        refused = {error["field"] for error in answer.json()["errors"] if error["code"] == "unknown_field"}
        assert (answer.status_code, refused) == (400, foreign), call
        tried += len(foreign)
    assert rows() == before
    assert tried > 3000


def texts_with_a_most(declared):
    """Yield each text of a body, or list of texts, with its greatest length and whether it is a list."""
    for name, field in declared.items():
        of, is_list = (field["items"], True) if field.get("type") == "array" else (field, False)
        if "maxLength" in of:
            yield name, of["maxLength"], is_list


@pytest.mark.django_db
def test_a_text_is_too_long_with_the_space_at_its_end_as_the_schema_says(world):
    ada, instructor, before, tried = world.client("ada"), world.client("instructor"), rows(), set()
    for call, declared in writing_calls():
        for name, most, is_list in texts_with_a_most(declared):
            text = "x" * most + " "
            sent = (bodies(world).get(call) or {}) | {name: [text] if is_list else text}
            answer = ask(call, instructor if is_for_staff(*call_parts(call)) else ada, world, sent)
            refused = {(error["field"], error["code"]) for error in answer.json()["errors"]}
            assert (answer.status_code, (name, "max_length") in refused) == (400, True), (call, name, refused)
            tried.add((call, name))
    assert rows() == before
    assert len(tried) > 20


@pytest.mark.django_db
def test_a_number_in_a_list_of_texts_is_refused(world):
    ada, instructor, before, tried = world.client("ada"), world.client("instructor"), rows(), set()
    for call, declared in writing_calls():
        for name in (name for name, field in declared.items() if field.get("items", {}).get("type") == "string"):
            sent = (bodies(world).get(call) or {}) | {name: [1.5]}
            answer = ask(call, instructor if is_for_staff(*call_parts(call)) else ada, world, sent)
            refused = {(error["field"], error["code"]) for error in answer.json()["errors"]}
            assert (answer.status_code, (name, "invalid_type") in refused) == (400, True), (call, name, refused)
            tried.add((call, name))
    assert rows() == before
    assert len(tried) > 4
