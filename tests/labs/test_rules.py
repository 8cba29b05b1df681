from datetime import timedelta

import pytest

from course.rules.refusals import Refusal
from labs.rules.cells import read_cells
from labs.rules.drafts import decide_draft
from labs.rules.limits import refuse_limits, runner_limits
from labs.rules.listings import prerequisites
from labs.rules.probing import read_tests
from labs.rules.queueing import Waiting, fairest, position, queue_for
from labs.rules.results import has_passed, may_show_solution, points_earned
from tests.factories import NOW


def waiting(run_id, *, came=0, running=0, started=None):
    last = None if started is None else NOW + timedelta(seconds=started)
    return Waiting(run_id, NOW + timedelta(seconds=came), running, last)


@pytest.mark.parametrize(
    ("rows", "chosen"),
    [
        ([], None),
        ([waiting("a", running=2)], None),
        ([waiting("a", came=1), waiting("b", came=0)], "b"),
        ([waiting("a", came=0, running=1), waiting("b", came=9)], "b"),
        ([waiting("a", came=0, started=5), waiting("b", came=9)], "b"),
        ([waiting("a", came=0, started=5), waiting("b", came=9, started=4)], "b"),
        ([waiting("a", running=2), waiting("b", running=1, started=3)], "b"),
    ],
)
def test_the_run_of_who_waited_longest_for_a_turn_is_next(rows, chosen):
    assert fairest(rows) == chosen


@pytest.mark.parametrize(("before", "others", "place"), [(0, [], 1), (0, [100], 2), (3, [100, 1], 9), (5, [], 6)])
def test_a_position_counts_turns_and_not_another_learners_flood(before, others, place):
    assert position(before, others) == place


def test_a_run_that_may_take_longer_than_two_minutes_trains():
    assert (queue_for(120), queue_for(121)) == ("quick", "training")


def test_a_script_becomes_cells_and_its_comments_text():
    script = "import this\n\n# %% [markdown]\n# # Title\n#\n# Text.\n\n# %%\nx = 1\n\n# %%\n\n# %%\n# a comment\n"
    assert read_cells(script) == [
        {"id": "1", "type": "code", "source": "import this"},
        {"id": "2", "type": "markdown", "source": "# Title\n\nText."},
        {"id": "3", "type": "code", "source": "x = 1"},
        {"id": "4", "type": "code", "source": "# a comment"},
    ]


def test_names_and_points_of_probes_are_read_and_never_run():
    assert read_tests('PROBES = [Call(name="A", points=2, draw=boom()), Read(points=0, name="B")]') == [
        {"name": "A", "points": 2},
        {"name": "B", "points": 0},
    ]


@pytest.mark.parametrize("probes", ["", "PROBES = ask()", "PROBES = [ask]", 'PROBES = [C(name="A", points=n)]'])
def test_probes_that_do_not_write_out_names_and_points_are_refused(probes):
    with pytest.raises(ValueError, match=r"PROBES|writes out"):
        read_tests(probes)


def test_listings_run_after_what_they_need_and_each_once():
    rows = [("a", []), ("b", ["a"]), ("c", ["a", "b"]), ("d", ["d", "gone"])]
    listings = [{"id": key, "after": after, "source": key.upper()} for key, after in rows]
    assert [each["id"] for each in prerequisites(listings, "c")] == ["a", "b"]
    assert prerequisites(listings, "d") == []


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ({}, None),
        ({"wall": 30, "memory": 512}, None),
        ({"time": 30}, "“time” is no limit (known are wall, cpu, memory, disk)"),
        ({"wall": 601}, "“wall” needs a whole number from 1 to 600"),
        ({"wall": True}, "“wall” needs a whole number from 1 to 600"),
    ],
)
def test_limits_are_checked(written, problem):
    assert refuse_limits(written) == problem


def test_limits_reach_the_runner_in_its_own_units():
    assert runner_limits({"wall": 30, "memory": 2}) == {"wall_seconds": 30, "memory_bytes": 2 << 20}


def test_a_draft_is_saved_over_what_was_seen_acknowledged_twice_and_refused_when_stale():
    one, two = [{"id": "1", "source": "a"}], [{"id": "1", "source": "b"}]
    assert decide_draft(stored_revision=3, stored_cells=one, revision=3, cells=two) == 4
    assert decide_draft(stored_revision=3, stored_cells=one, revision=2, cells=one) == 3
    with pytest.raises(Refusal) as refused:
        decide_draft(stored_revision=3, stored_cells=one, revision=2, cells=two)
    assert (refused.value.code, refused.value.facts) == ("stale_draft", {"draft": {"cells": one, "revision": 3}})


def test_results_count_what_passed():
    rows = [{"verdict": "passed", "points": 2}, {"verdict": "failed", "points": 5}]
    assert (has_passed(rows), has_passed(rows[:1]), has_passed([]), has_passed(None)) == (False, True, False, False)
    assert points_earned(rows) == 2


@pytest.mark.parametrize(
    ("finished", "passed", "shown"), [(0, False, False), (2, False, False), (3, False, True), (1, True, True)]
)
def test_the_model_solution_is_shown_after_a_pass_or_three_tries(finished, passed, shown):
    assert may_show_solution(finished_tests=finished, passed=passed) is shown
