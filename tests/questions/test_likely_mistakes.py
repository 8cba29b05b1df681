"""What the statistics of a question say of a common wrong response: how it comes from the key."""

import pytest

from questions import types
from tests.questions.bodies import authored, wrong_response


@pytest.mark.parametrize(
    ("described", "found"),
    [
        ("-0.25 nats", "the key with the opposite sign"),
        ("0.126 nats", "half the key"),
        ("0.5 nats", "twice the key"),
        ("0.025 nats", "a tenth of the key"),
        ("2.5 nats", "ten times the key"),
        ("0.0025 nats", "a hundredth of the key"),
        ("25.9 nats", "a hundred times the key"),
        ("-0.75 nats", "the key minus 1"),
        ("1.25 nats", "the key plus 1"),
        ("0.75 nats", "1 minus the key"),
        ("4 nats", "1 divided by the key"),
        ("0.0625 nats", "the square of the key"),
        ("0.255 nats", ""),
        ("0.131 nats", ""),
        ("7 nats", ""),
        ("no response", ""),
        ("", ""),
    ],
)
def test_a_wrong_number_says_how_it_comes_from_the_key(described, found):
    question = authored("numeric")
    assert types.get("numeric").likely_mistake(question.body, question.key, described) == found


@pytest.mark.parametrize("margin", [("0.04", True), ("0", False), ("0", True)])
def test_a_mistake_is_as_close_as_the_tolerance_allows(margin):
    body = {"unit": "", "tolerance": margin[0], "relative": margin[1]}
    key = {**body, "answer": "8"}
    found = [types.get("numeric").likely_mistake(body, key, response) for response in ("16", "16.5", "64", "0")]
    assert found == [
        "twice the key",
        "twice the key" if margin[1] and margin[0] != "0" else "",
        "the square of the key",
        "",
    ]


def test_a_key_of_zero_has_no_likely_mistakes():
    body = {"unit": "", "tolerance": "0", "relative": False}
    assert types.get("numeric").likely_mistake(body, {**body, "answer": "0"}, "1") == ""


@pytest.mark.parametrize("name", sorted({*types.names()} - {"numeric"}))
def test_other_types_know_no_likely_mistake(name):
    kind, question = types.get(name), authored(name)
    described = kind.describe(question.body, wrong_response(name))
    assert kind.likely_mistake(question.body, question.key, described) == ""
