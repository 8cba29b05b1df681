"""Each type can give a right and a wrong example for its own key."""

import pytest

from quizzes import types
from tests.factories import SOURCES


@pytest.mark.parametrize("name", types.names())
def test_the_examples_are_marked_as_they_say(name):
    kind = types.get(name)
    authored = kind.compile({"id": "q", **SOURCES[name]}, str)
    right, wrong = kind.examples(authored.body, authored.key)
    marked = [kind.is_right(kind.parse(raw, authored.body), authored.key) for raw in (right, wrong)]
    assert marked == [True, False]
