"""Drawing a paper by strata (D27)."""

import subprocess
import sys
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.rules.draw import Drawn, PoolQuestion, Stratum, StratumShort, draw

POOL = [PoolQuestion(f"{module}-{d}-{n}", module, d) for module in "ab" for d in (1, 2) for n in range(6)]
STRATA = [Stratum("a", 1, 2, Decimal(1)), Stratum("b", 2, 3, Decimal(2)), Stratum("a", 2, 1, Decimal("1.5"))]


def test_a_paper_follows_its_strata_with_their_points():
    paper = draw(STRATA, POOL, "seed")
    assert [(question.id[:3], question.points) for question in paper] == [
        ("a-1", Decimal(1)),
        ("a-1", Decimal(1)),
        ("b-2", Decimal(2)),
        ("b-2", Decimal(2)),
        ("b-2", Decimal(2)),
        ("a-2", Decimal("1.5")),
    ]


def test_a_seed_always_draws_the_same_paper():
    """The paper of a seed is fixed here, because any later version must draw the same one."""
    assert [question.id for question in draw(STRATA, POOL, "2026")] == RECORDED


RECORDED = ["a-1-4", "a-1-2", "b-2-4", "b-2-3", "b-2-1", "a-2-4"]


@given(st.text(max_size=20), st.randoms())
def test_the_order_of_the_pool_changes_no_paper(seed, order):
    mixed = list(POOL)
    order.shuffle(mixed)
    assert draw(STRATA, mixed, seed) == draw(STRATA, POOL, seed)


@given(st.text(max_size=20))
def test_every_question_once_and_the_total_always_the_same(seed):
    paper = draw(STRATA, POOL, seed)
    assert len({question.id for question in paper}) == 6
    assert sum(question.points for question in paper) == Decimal("9.5")


def test_two_strata_of_one_kind_share_no_question():
    twice = [Stratum("a", 1, 3), Stratum("a", 1, 3, Decimal(2))]
    paper = draw(twice, POOL, "seed")
    assert len({question.id for question in paper}) == 6
    assert [question.points for question in paper] == [Decimal(1)] * 3 + [Decimal(2)] * 3


def test_a_question_listed_twice_in_the_pool_is_one_question():
    assert draw([Stratum("a", 1, 1)], [PoolQuestion("x", "a", 1)] * 2, "s") == [Drawn("x", Decimal(1))]
    with pytest.raises(StratumShort):
        draw([Stratum("a", 1, 2)], [PoolQuestion("x", "a", 1)] * 2, "s")


@pytest.mark.parametrize(
    ("strata", "available"),
    [([Stratum("a", 1, 7)], 6), ([Stratum("c", 1, 1)], 0), ([Stratum("a", 1, 4), Stratum("a", 1, 3)], 2)],
)
def test_a_short_stratum_is_refused_with_the_number_missing(strata, available):
    with pytest.raises(StratumShort) as caught:
        draw(strata, POOL, "seed")
    assert (caught.value.stratum, caught.value.available) == (strata[-1], available)
    assert str(caught.value) == (
        f"{strata[-1].count} questions of module {strata[-1].module}, difficulty 1, are to be drawn, "
        f"and the pool has {available}"
    )


def test_no_stratum_draws_nothing():
    assert draw([], POOL, "seed") == []


def test_every_question_has_the_same_chance():
    """600 draws of 2 of 6: each is expected 200 times, and a fair draw stays within 5 sigma (58)."""
    drawn = [question.id for seed in range(600) for question in draw([Stratum("a", 1, 2)], POOL, str(seed))]
    counts = [drawn.count(f"a-1-{n}") for n in range(6)]
    assert [142 < count < 258 for count in counts] == [True] * 6


def test_another_process_with_another_hash_seed_draws_the_same():
    program = (
        "from quizzes.rules.draw import *; pool = [PoolQuestion(f'q{n}', 'a', 1) for n in range(50)];"
        "print([question.id for question in draw([Stratum('a', 1, 5)], pool, 'x')])"
    )
    pool = [PoolQuestion(f"q{n}", "a", 1) for n in Random(1).sample(range(50), 50)]
    printed = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONHASHSEED": "7"}, capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == str([question.id for question in draw([Stratum("a", 1, 5)], pool, "x")])


def test_a_whole_stratum_takes_the_questions_of_its_own_worth_first():
    pool = [PoolQuestion(f"q{number}", "a", 1, points=Decimal(1 + number % 2)) for number in range(6)]
    strata = [Stratum("a", 1, 3, Decimal(points), is_whole=True) for points in (1, 2)]
    paper = {question.id: question.points for question in draw(strata, pool, "seed")}
    assert paper == {question.id: question.points for question in pool}


def test_a_question_that_became_worth_something_else_fails_no_start():
    pool = [PoolQuestion(f"q{number}", "a", 1, points=Decimal(7)) for number in range(4)]
    paper = draw([Stratum("a", 1, 4, Decimal(1), is_whole=True)], pool, "seed")
    assert [(question.points, len(paper)) for question in paper] == [(Decimal(1), 4)] * 4
