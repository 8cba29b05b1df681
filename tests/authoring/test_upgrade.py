"""A database of the previous release: learners' questions and answers stay, and nothing is published again."""

import json

import pytest

from tests.migrated import run_on

RICH = ['data-callout="warning"', "<figure data-code", "<figure data-figure"]


@pytest.fixture
def found(empty_database):
    return json.loads(run_on(empty_database, "tests.authoring.upgrading"))


def test_stored_content_is_converted_and_nothing_is_published_again(found):
    assert found["classes"] == ["path", "span", "text"]  # of drawings and of code
    assert (found["changes"], found["rendered otherwise"]) == ([], [])
    assert found["versions"] == ["which-word 2"]
    assert found["without source"] == ["which-word 1"]
    assert found["figures"] == ["how-much 01-first/figures/triangle.svg"]
    assert found["guards"] == [True, True]
    assert {page: parts for page, (_, *parts) in found["pages"].items() if parts} == {
        "/assessments/first-review/": ["<figure data-code", *RICH, *RICH],
        "/assessments/first-review/attempts/": ["<figure data-code", *RICH],
    }
    assert {status for status, *_ in found["pages"].values()} == {"200"}
