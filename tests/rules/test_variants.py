"""Which variant a learner gets never changes for the same seed, or a later release could not verify a paper (D43)."""

import pytest

from quizzes.rules.variants import at_same_places, drawn_variant, given_variant, places_of


def test_a_paper_draws_the_same_variant_forever():
    assert [drawn_variant(seed, "question", 50) for seed in "abcd"] == [11, 12, 39, 43]
    assert [given_variant(learner, "question", 50) for learner in (1, 2, 3, 4)] == [22, 15, 7, 33]
    assert [given_variant(1, question, 50) for question in "abcd"] == [15, 29, 3, 24]


def test_every_variant_is_drawn():
    assert {drawn_variant(str(seed), "question", 5) for seed in range(100)} == set(range(5))
    assert {given_variant(learner, "question", 5) for learner in range(100)} == set(range(5))


@pytest.mark.parametrize(
    ("type_name", "body", "secret", "places"),
    [
        ("true_false", {}, {"answer": True}, ()),
        ("single_choice", {"options": [{"id": "b"}, {"id": "a"}]}, {}, ("b", "a")),
        ("ordering", {"items": [{"id": "b"}, {"id": "a"}]}, {"right": ["a", "b"]}, ("a", "b")),
        ("numeric", {}, {"answer": "1"}, None),
    ],
)
def test_places_are_those_of_the_file(type_name, body, secret, places):
    assert places_of(type_name, body, secret) == places


def test_a_response_moves_to_the_options_at_the_same_places():
    assert at_same_places("b", ("a", "b"), ("x", "y")) == "y"
    assert at_same_places(["b", "a"], ("a", "b"), ("x", "y")) == ["y", "x"]
    assert at_same_places(True, (), ()) is True
