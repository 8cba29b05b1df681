"""Search over the API finds what the search page finds."""

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db


def test_search_finds_sections_and_corrects_a_typo(as_learner):
    course = make.make_course()
    make.make_lesson(module=make.make_module(course=course), title="Derivatives", html="<p>The gradient of a loss.</p>")
    make.publish_search_of(course)
    ada, asked = as_learner(course), {}
    for query in ("gradient", "gradiemt"):
        asked[query] = ada.get("/api/v1/search/", {"q": query}).json()
    assert {query: found["corrected"] for query, found in asked.items()} == {"gradient": "", "gradiemt": "gradient"}
    assert [[each["title"] for each in found["results"]] for found in asked.values()] == [["Derivatives"]] * 2
