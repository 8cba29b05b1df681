"""Each type gives a right and a wrong example for its key."""

import pytest

from questions import types
from tests.factories import SOURCES


@pytest.mark.parametrize("name", types.names())
def test_the_examples_are_marked_as_they_say(name):
    kind = types.get(name)
    authored = kind.compile({"id": "q", **SOURCES[name]}, str)
    right, wrong = kind.examples(authored.body, authored.key)
    marked = [kind.is_right(kind.parse(raw, authored.body), authored.key) for raw in (right, wrong)]
    assert marked == [True, False]


@pytest.mark.parametrize("name", types.names())
def test_the_key_for_a_response_calls_that_response_right_and_the_old_one_wrong(name):
    kind = types.get(name)
    authored = kind.compile({"id": "q", **SOURCES[name]}, str)
    right, wrong = (kind.parse(raw, authored.body) for raw in kind.examples(authored.body, authored.key))
    key = {**authored.key, **kind.key_for(wrong)}
    assert [kind.is_right(response, key) for response in (right, wrong)] == [False, True]
