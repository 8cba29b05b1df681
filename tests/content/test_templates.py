"""The questions of the shipped course that draw their values: each published variant is right, fair and no easier to guess.

The proofs do the same for a thousand draws and ten thousand papers.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from authoring.folder.guessing import chances_of_a_test_wise_guesser, share_of_paper
from questions import types
from quizzes.rules.draw import Drawn
from quizzes.rules.objectives import draw_by_objectives
from quizzes.rules.variants import drawn_variant
from tests.content.shipped import shipped
from tests.content.template_keys import KEYS
from tests.content.test_exam import DRAWABLE, EXAM, PAPERS, POOL, RULES, STRATA
from tests.rounds import one_database

pytestmark = one_database
TEMPLATES = {
    question.key: question
    for assessment in shipped().assessments
    for question in assessment.questions
    if question.variants
}
DRAWN = sorted(TEMPLATES.keys() & POOL.keys())  # those of the exam
STANDARD_ERRORS = 5


def faults_of(key: str, values: Mapping[str, str], secret: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the key and the near misses of a variant, by a computation that is not the author's."""
    kind = types.get(TEMPLATES[key].type)
    response = as_response(KEYS[key](values))
    faults = [] if kind.is_right(response, secret) else [f"{secret['answer']} is the key, and {response} is right"]
    return faults + [
        f"{missed} is right" for missed in map(json.loads, secret["whys"]) if kind.is_right(missed, secret)
    ]


def as_response(computed: object) -> object:
    """Return a computed key as a learner types it."""
    if isinstance(computed, Fraction):
        return str(Decimal(computed.numerator) / computed.denominator)
    return computed if isinstance(computed, list) else str(computed)


def unlike_papers(papers: list[list[Drawn]]) -> list[str]:
    """Return what differs between papers: questions of each module, and of each difficulty."""
    modules = {tuple(sorted(Counter(POOL[drawn.id].module_key for drawn in paper).items())) for paper in papers}
    efforts = {tuple(sorted(Counter(POOL[drawn.id].difficulty for drawn in paper).items())) for paper in papers}
    return [str(kinds) for kinds in (modules, efforts) if len(kinds) != 1]


def uneven_variants(key: str, seeds: range) -> list[int]:
    """Return the variants that these papers have much more or less often than chance explains."""
    bank = len(TEMPLATES[key].variants)
    counts = Counter(drawn_variant(f"seed {number}", key, bank) for number in seeds)
    expected = len(seeds) / bank
    return [place for place in range(bank) if abs(counts[place] - expected) > STANDARD_ERRORS * expected**0.5]


def test_every_template_has_its_key_computed_by_other_means():
    assert TEMPLATES.keys() == KEYS.keys()


@pytest.mark.parametrize("key", sorted(KEYS))
def test_the_key_of_every_variant_is_right_and_its_near_misses_are_wrong(key: str):
    for variant in TEMPLATES[key].variants:
        assert faults_of(key, variant.values, variant.question.secret) == [], variant.values


def test_a_wrong_key_is_noticed():
    variant = TEMPLATES["exam-parameters-of-a-machine"].variants[0]
    wrong = {**variant.question.secret, "answer": "7"}
    assert faults_of("exam-parameters-of-a-machine", variant.values, wrong) != []


def test_no_variant_is_easier_to_guess_than_the_question_was_when_it_was_fixed():
    """The first variant is the question as it was written before it drew its values, or one like it."""
    chances = chances_of_a_test_wise_guesser(EXAM.questions)
    first = chances_of_a_test_wise_guesser([replace(question, variants=()) for question in EXAM.questions])
    assert {key: (chances[key], first[key]) for key in DRAWN if chances[key] > first[key]} == {}
    with_variants, fixed = (share_of_paper(EXAM, each_key) for each_key in (chances, first))
    assert with_variants <= fixed < 0.25


def test_papers_are_balanced_by_module_and_effort_and_variants_are_drawn_evenly():
    assert unlike_papers(PAPERS) == []
    assert {key: uneven for key in DRAWN if (uneven := uneven_variants(key, range(1000)))} == {}


def papers_of_seeds(seeds: range) -> list[list[Drawn]]:
    return [draw_by_objectives(STRATA, DRAWABLE, f"seed {number}", RULES) for number in seeds]
