"""What an example leaves out comes from base classes, from shapes inside the shape, and from the kind of a field."""

import pytest
from rest_framework import serializers

from foundation.serializers import MOMENT_SHOWN, Moment, Strict, example, example_of


@example(id="1")
class Part(serializers.Serializer):
    id = serializers.CharField()
    made_at = Moment()
    note = serializers.CharField(allow_null=True)


@example(count=1)
class Whole(Part):
    part = Part()
    parts = Part(many=True)
    count = serializers.IntegerField()


@example(count=2, id="9")
class Larger(Whole):
    """A shape that gives two values of its base class anew."""


def test_an_example_of_an_answer_has_every_field_in_the_order_of_the_shape():
    part = {"id": "1", "made_at": MOMENT_SHOWN, "note": None}
    assert list(example_of(Whole).items()) == [*part.items(), ("part", part), ("parts", [part]), ("count", 1)]
    assert example_of(Larger) == example_of(Whole) | {"id": "9", "count": 2}


def test_an_example_of_a_body_has_only_what_it_says_in_the_order_in_which_it_says_it():
    body = example(text="a", id="1")(type("Body", (Strict, Part), {"text": serializers.CharField()}))
    assert list(example_of(body).items()) == [("text", "a"), ("id", "1")]


def test_a_field_without_a_value_that_says_nothing_is_a_mistake():
    lacking = example(note="a")(type("Lacking", (serializers.Serializer,), dict(vars(Part)["_declared_fields"])))
    with pytest.raises(AssertionError, match="the example lacks id"):
        example_of(lacking)
