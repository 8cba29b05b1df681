"""Papers that cover objectives (D38)."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.rules.draw import PoolQuestion, Stratum, StratumShort, draw
from quizzes.rules.objectives import ObjectiveRules, ObjectivesUnmet, draw_by_objectives, missing_shares

POOL = [PoolQuestion(f"{o}-{d}-{n}", "m", d, o) for o in ("x", "y", "z") for d in (1, 2) for n in range(3)]
STRATA = [Stratum("m", 1, 2), Stratum("m", 2, 2)]
PROMISED = ObjectiveRules(2, frozenset("xyz"))

pools = st.lists(st.tuples(st.integers(1, 3), st.sampled_from("xyz")), min_size=1, max_size=8).map(
    lambda rows: [PoolQuestion(f"q{n}", "m", d, o) for n, (d, o) in enumerate(rows)]
)
several_strata = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=3).map(
    lambda rows: [Stratum("m", difficulty, count) for difficulty, count in rows]
)
some_rules = st.builds(ObjectiveRules, st.none() | st.integers(1, 3), st.frozensets(st.sampled_from("xyz"), max_size=3))


def objectives_of(paper, pool):
    by_id = {question.id: question.objective for question in pool}
    return Counter(by_id[drawn.id] for drawn in paper)


def is_right(questions, strata, rules):
    """Return whether these questions are a paper that meets strata and rules."""
    wanted = Counter()
    for stratum in strata:
        wanted[stratum.difficulty] += stratum.count
    about = Counter(question.objective for question in questions)
    most = rules.at_most or len(questions)
    return (
        Counter(question.difficulty for question in questions) == wanted
        and rules.always <= about.keys()
        and max(about.values(), default=0) <= most
    )


@given(several_strata, pools, some_rules, st.text(max_size=8))
def test_a_paper_meets_its_rules_and_is_refused_only_if_no_paper_can(strata, pool, rules, seed):
    """Compared with all subsets of a small pool."""
    size = sum(stratum.count for stratum in strata)
    can_be_met = any(is_right(questions, strata, rules) for questions in combinations(pool, size))
    try:
        paper = draw_by_objectives(strata, pool, seed, rules)
    except (StratumShort, ObjectivesUnmet):
        assert not can_be_met
    else:
        drawn = {question.id for question in paper}
        assert len(drawn) == len(paper) == size
        assert is_right([question for question in pool if question.id in drawn], strata, rules)


@given(several_strata, pools, some_rules, st.text(max_size=8), st.randoms())
def test_the_order_of_the_pool_changes_no_paper_and_no_refusal(strata, pool, rules, seed, order):
    mixed = list(pool)
    order.shuffle(mixed)
    assert outcome(strata, mixed, seed, rules) == outcome(strata, pool, seed, rules)


def outcome(strata, pool, seed, rules):
    try:
        return draw_by_objectives(strata, pool, seed, rules)
    except (StratumShort, ObjectivesUnmet) as refused:
        return str(refused)


@given(st.text(max_size=20))
def test_without_rules_a_seed_draws_the_paper_that_it_always_drew(seed):
    assert draw_by_objectives(STRATA, POOL, seed, ObjectiveRules()) == draw(STRATA, POOL, seed)


def test_a_seed_always_draws_the_same_paper_with_rules():
    """The paper of a seed is fixed here, because any later version must draw the same one."""
    assert [question.id for question in draw_by_objectives(STRATA, POOL, "2026", PROMISED)] == RECORDED


RECORDED = ["z-1-1", "x-1-1", "x-2-2", "y-2-2"]


def test_papers_follow_the_strata_in_order():
    paper = draw_by_objectives(STRATA, POOL, "seed", PROMISED)
    assert [question.id[2] for question in paper] == ["1", "1", "2", "2"]


def test_every_question_of_equal_objectives_has_about_the_same_chance():
    """1,800 draws of 4 of 18: each is expected 400 times, and a fair draw stays within 5 sigma (88)."""
    drawn = Counter(row.id for seed in range(1800) for row in draw_by_objectives(STRATA, POOL, f"{seed}", PROMISED))
    assert {question.id: 312 < drawn[question.id] < 488 for question in POOL} == {row.id: True for row in POOL}


def test_a_promise_without_room_names_the_objective():
    with pytest.raises(ObjectivesUnmet) as caught:
        draw_by_objectives([Stratum("m", 1, 2)], POOL, "s", PROMISED)
    assert caught.value.objective in "xyz"
    assert str(caught.value) == f"no paper has room for a question about “{caught.value.objective}”"


def test_a_limit_that_no_paper_can_keep_names_the_stratum():
    with pytest.raises(ObjectivesUnmet, match=r"with at most 1 per objective, no paper has 2 questions of module m"):
        draw_by_objectives(STRATA, POOL, "s", ObjectiveRules(1))


def test_missing_shares_count_the_papers_without_an_objective():
    shares = missing_shares([Stratum("m", 1, 1)], POOL, ObjectiveRules(None, frozenset("x")), draws=50)
    assert shares == {"x": 0, "y": 1, "z": 1}
    unruled = missing_shares([Stratum("m", 1, 1)], POOL, ObjectiveRules(), draws=300)
    assert sum(unruled.values()) == pytest.approx(2)
    assert all(0.5 < share < 0.8 for share in unruled.values())
