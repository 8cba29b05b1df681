"""Texts that name an option by its place, which is another option for each learner (D40)."""

import pytest

from questions.rules.places import named_letters, named_place, speaks_of_others
from tests.questions.bodies import SOURCES, authored


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("See option B for the reason.", "option B"),
        ("Options 2 and 3 are the same.", "Options 2"),
        ("The first option forgets the square.", "first option"),
        ("As in the options above, …", "options above"),
        ("The choices A and C differ.", "choices A"),
        ("There is a second choice to make.", "second choice"),
        ("The answer 3 forgets the square.", ""),
        ("The second layer has no bias.", ""),
        ("An option A’s author would like", ""),
        ("The option 2.5 is too large", ""),
        ("It is an option at any time.", ""),
    ],
)
def test_a_text_names_an_option_by_its_place(text, words):
    assert named_place(text) == words


@pytest.mark.parametrize(
    ("option", "prompt", "is_named"),
    [
        ("Both A and B", "Which are layers?", True),
        ("A, B", "Which are layers?", True),
        ("Neither A nor C, because …", "Which are layers?", True),
        ("Both A and B", "The matrices A and B are square. Which is symmetric?", False),
        ("Both are layers", "Which are layers?", False),
        ("A and a B", "Which are letters?", False),
    ],
)
def test_an_option_consists_of_letters_of_others(option, prompt, is_named):
    assert named_letters(option, prompt) == (option if is_named else "")


@pytest.mark.parametrize(
    "option", ["None of these", "All of the above.", "Both", "Neither", "Two of the others", "All above"]
)
def test_an_option_speaks_of_the_others(option):
    assert speaks_of_others(option)


@pytest.mark.parametrize("option", ["None", "Both layers learn", "All weights", "Some of the pixels", "Neither phase"])
def test_an_option_speaks_of_something_else(option):
    assert speaks_of_others(option) is (option == "None")


@pytest.mark.parametrize(("name", "place"), [("single_choice", "last"), ("multiple_choice", "last")])
def test_an_option_that_speaks_of_the_others_has_to_stay_last(name, place):
    options = [{"text": "Some of the others", "why": "No."}, *SOURCES[name]["options"]]
    (problem,) = [found for found in authored(name, options=options).advice if found.path == ("options", 0)]
    assert problem.message == "this option speaks of the others, so it needs “last: true” to stay behind them"
    options[0][place] = True
    assert [found for found in authored(name, options=options).advice if found.path == ("options", 0)] == []


def test_a_reason_that_names_an_option_by_its_place_is_reported():
    options = [{"text": "Tanh", "why": "It is as flat as option B."}, *SOURCES["single_choice"]["options"]]
    (problem,) = [found for found in authored("single_choice", options=options).advice if found.path[1:] == (0, "why")]
    assert (
        problem.message == "“option B” names an option by its place, and each learner sees the options in another order"
    )
