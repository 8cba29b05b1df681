"""Which responses can be stored: nothing that a database or JSON cannot hold (D3)."""

import json
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.refusals import Refusal
from questions.rules.storable import MAX_DEPTH, MAX_INTEGER, MAX_LENGTH, refuse_unstorable

DEEP: list = []
for _ in range(5_000):
    DEEP = [DEEP]


def refused(raw):
    try:
        refuse_unstorable(raw)
    except Refusal as refusal:
        return refusal.code
    return None


def test_the_refusal_says_what_to_send():
    with pytest.raises(Refusal) as caught:
        refuse_unstorable(object())
    assert caught.value.facts == {"expected": "Send plain text, numbers and lists of at most 16 kilobytes in total"}


@pytest.mark.parametrize(
    "raw",
    [
        None,
        True,
        0,
        -1,
        3.5,
        "",
        "word",
        "naïve – π 🙂",
        [],
        {},
        [None, 28],
        {"a": "b"},
        "\\u0000",
        MAX_INTEGER,
        [[[[1]]]],
    ],
)
def test_plain_json_is_storable(raw):
    assert refused(raw) is None


HOSTILE = {
    "NaN": float("nan"),
    "infinity": float("inf"),
    "1e309": json.loads("1e309"),
    "minus infinity, inside": [{"a": float("-inf")}],
    "NUL": "a\0b",
    "NUL in a name": {"\0": 1},
    "NUL, inside": ["\0"],
    "half a character": "\ud800",
    "other half, inside": {"a": ["\udfff"]},
    "an integer beyond 64 bits": MAX_INTEGER + 1,
    "an integer that cannot be printed": 10 ** (sys.get_int_max_str_digits() + 1),
    "too deep": [[[[[1]]]]],
    "far too deep": DEEP,
    "too long": "a" * MAX_LENGTH,
    "too many": [0] * MAX_LENGTH,
    "too wide": {str(n): n for n in range(MAX_LENGTH)},
    "a name that is no text": {1: 2},
    "bytes": b"a",
    "a Decimal": Decimal(1),
    "a set": {1},
    "an object": object(),
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_anything_else_is_refused(raw):
    assert refused(raw) == "invalid_response"


def test_the_longest_response_is_the_one_whose_json_has_the_most_characters():
    assert (refused("a" * (MAX_LENGTH - 2)), refused("a" * (MAX_LENGTH - 1))) == (None, "invalid_response")


def test_depth_is_counted_by_lists_and_mappings():
    assert (MAX_DEPTH, refused({"a": {"b": [{"c": 1}]}}), refused({"a": {"b": [{"c": []}]}})) == (
        4,
        None,
        "invalid_response",
    )


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(anything)
def test_accepted_values_survive_json_and_utf8(raw):
    if refused(raw) is None:
        text = json.dumps(raw, allow_nan=False, ensure_ascii=False)
        assert json.loads(text.encode()) == raw
        assert "\\u0000" not in json.dumps(raw).replace("\\\\", "")
