"""An endpoint accepts each query parameter of its schema once and refuses any other, so that none is ignored."""

import pytest

from course.models import Course
from people.models import LearnerGroup
from portal.api.contract import ROOT, operations
from tests.contract import is_for_staff, schema
from tests.portal.api.asking import ask, calls
from tests.rounds import one_database

pytestmark = [pytest.mark.django_db, one_database]
PAGED = "GET /courses/{slug}/gradebook/"


def asker(world, call):
    method, _, path = call.partition(" ")
    return world.client("instructor" if is_for_staff(method, ROOT + path) else "ada")


def test_a_parameter_that_no_call_knows_is_refused_with_a_sentence(world):
    for call in calls():
        answer = ask(call, asker(world, call), world, query={"serach": "ada"})
        assert answer.status_code == 400, call
        (error,) = answer.json()["errors"]
        assert (error["field"], "takes" in error["detail"]) == ("serach", True), call


def test_the_sentence_names_what_the_call_takes(world):
    answer = ask(PAGED, world.client("instructor"), world, query={"search": "ada"})
    assert answer.json()["detail"] == (
        "search: This call does not take this parameter; it takes cursor, format, group and page_size. Nothing was "
        "changed: leave the parameter out, or correct its name."
    )


def test_declared_parameters_are_accepted(world):
    LearnerGroup.objects.create(course=Course.objects.get(slug=world.ids["slug"]), name="Monday")
    taken = {"cursor": "", "page_size": "1", "format": "json", "group": "Monday"}
    answer = ask(PAGED, world.client("instructor"), world, query=taken)
    assert answer.status_code == 200
    declared = {
        each["name"]
        for method, path, call in operations(schema())
        if f"{method.upper()} {path}" == PAGED
        for each in call.get("parameters", [])
        if each.get("in") == "query"
    }
    assert declared == taken.keys()


def test_a_parameter_given_twice_is_refused(world):
    answer = ask(PAGED, world.client("instructor"), world, query={"page_size": ["1", "2"]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "page_size")


def test_an_unknown_address_is_still_not_found(world):
    assert world.client("ada").get(f"{ROOT}/nothing/?search=ada").status_code == 404
