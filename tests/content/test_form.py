"""Nobody passes a review by the form of its questions: the score of a guesser who never read a lesson."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from quizzes.rules.texts import AssessmentText, QuestionText
from tests.content.shipped import shipped

SHEETS = [pytest.param(each, id=each.key) for each in shipped().assessments]
WORD = re.compile(r"[^\W\d_]{4,}")
HEDGES = {"may", "might", "often", "usually", "probably", "likely", "some", "well", "can"}
ABSOLUTES = {"all", "always", "every", "never", "none", "only", "any", "must"}

type Taste = Callable[[str, QuestionText], float]


def words(text: str) -> set[str]:
    return {word.casefold() for word in WORD.findall(text)}


def counted(vocabulary: set[str]) -> Taste:
    return lambda option, _: len(vocabulary & set(re.findall(r"\w+", option.casefold())))


def beside(option: str, question: QuestionText, share: float) -> float:
    """Return how many other options are at most this share of its length, a difference that readers notice."""
    return sum(len(other["source"]) <= share * len(option) for other in question.body["options"])


def is_odd(option: str, question: QuestionText) -> float:
    """Return how few words an option shares with the others."""
    others = [each["source"] for each in question.body["options"] if each["source"] != option]
    return -sum(len(words(option) & words(other)) for other in others)


TASTES: dict[str, Taste] = {
    "longest": lambda option, question: beside(option, question, 0.87),
    "shortest": lambda option, question: -beside(option, question, 1.15),
    "echoes the prompt": lambda option, question: len(words(option) & words(question.prompt)),
    "shares most with the others": lambda option, question: -is_odd(option, question),
    "odd one out": is_odd,
    "hedged": counted(HEDGES),
    "no absolutes": lambda option, question: -counted(ABSOLUTES)(option, question),
}


def chance(question: QuestionText, taste: Taste) -> Fraction:
    """Return the probability that the right option is among the two that the taste prefers (a question has two
    attempts). Ties are drawn at random.
    """
    options = question.body["options"]
    rank = {each["id"]: taste(each["source"], question) for each in options}
    right = rank[question.secret["right"][0]]
    better = sum(value > right for value in rank.values())
    equal = sum(value == right for value in rank.values())
    return Fraction(max(0, min(equal, 2 - better)), equal)


def guessed(question: QuestionText, taste: Taste) -> Fraction:
    """Return the expected share.

    Questions without options (a number, a shape, an order) earn nothing; true/false is a coin flip.
    """
    match question.type:
        case "single_choice":
            return chance(question, taste)
        case "true_false":
            return Fraction(1, 2)
        case _:
            return Fraction(0)


def share(sheet: AssessmentText, taste: Taste, **kind: Any) -> float:
    asked = [each for each in sheet.questions if all(getattr(each, name) == value for name, value in kind.items())]
    return float(sum(guessed(each, taste) for each in asked) / len(asked))


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_taste_for_a_form_passes_a_review(sheet: AssessmentText):
    earned = {name: share(sheet, taste) for name, taste in TASTES.items()}
    assert {name: value for name, value in earned.items() if value >= 0.6} == {}


def test_no_taste_for_a_form_finds_the_right_option():
    """Two attempts at four options succeed half of the time. A taste that does much better would reveal a habit of the authors."""
    choices = [each for sheet in shipped().assessments for each in sheet.questions if each.type == "single_choice"]
    found = {name: float(sum(chance(each, taste) for each in choices) / len(choices)) for name, taste in TASTES.items()}
    assert {name: value for name, value in found.items() if value >= 0.65} == {}
