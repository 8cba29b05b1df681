from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.refusals import Refusal
from labs.rules.cells import read_cells
from labs.rules.drafts import MOST_VERSION_BYTES, MOST_VERSIONS, decide_lab_draft, with_version
from labs.rules.limits import refuse_limits, runner_limits
from labs.rules.listings import prerequisites
from labs.rules.outputs import STREAM, join_streams
from labs.rules.probing import read_tests
from labs.rules.queueing import Waiting, fairest, queue_for, starting_order
from labs.rules.results import have_all_passed, may_show_solution, points_earned
from tests.factories import NOW


def waiting(run_id, *, came=0, running=0, started=None):
    last = None if started is None else NOW + timedelta(seconds=started)
    return Waiting([run_id], NOW + timedelta(seconds=came), running, last)


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
def test_the_learner_who_waited_longest_for_a_turn_is_next(rows, chosen):
    assert fairest(rows) == chosen


LEARNERS = st.tuples(st.integers(1, 4), st.integers(0, 2), st.none() | st.integers(-9, -1))


@given(st.lists(LEARNERS, max_size=5))
def test_a_position_in_the_queue_is_the_one_at_which_the_run_starts(learners):
    queue = [
        replace(
            waiting("", came=came, running=running, started=started), run_ids=[f"{came}-{run}" for run in range(runs)]
        )
        for came, (runs, running, started) in enumerate(learners)
    ]
    assert starting_order(queue) == started_one_after_the_other(queue)


def started_one_after_the_other(queue):
    """Start the fairest run again and again; when nobody may start one, one run of every learner ends."""
    found = []
    while queue:
        if (run_id := fairest(queue)) is None:
            queue = [replace(each, running=each.running - 1) for each in queue]
            continue
        found.append(run_id)
        now = NOW + timedelta(seconds=100 + len(found))
        queue = [started(each, now) if run_id in each.run_ids else each for each in queue]
        queue = [each for each in queue if each.run_ids]
    return found


def started(each, now):
    return replace(each, run_ids=each.run_ids[1:], running=each.running + 1, last_started_at=now)


def test_a_learners_flood_delays_another_by_one_turn():
    flood = replace(waiting("f1", came=0, started=-1), run_ids=["f1", "f2", "f3"])
    assert starting_order([flood, waiting("late", came=9, started=-2)]) == ["late", "f1", "f2", "f3"]
    assert starting_order([flood, waiting("late", came=9, running=1, started=-2)]) == ["f1", "late", "f2", "f3"]


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


def test_a_script_without_marks_is_one_cell():
    assert read_cells("answer = 2\n") == [{"id": "1", "type": "code", "source": "answer = 2"}]


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
        ({"time": 30}, "“time” is not a limit (the limits are wall, cpu, memory, disk)"),
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
    assert decide_lab_draft(stored_revision=3, stored_cells=one, revision=3, cells=two) == 4
    assert decide_lab_draft(stored_revision=3, stored_cells=one, revision=2, cells=one) == 3
    with pytest.raises(Refusal) as refused:
        decide_lab_draft(stored_revision=3, stored_cells=one, revision=2, cells=two)
    assert (refused.value.code, refused.value.facts) == ("stale_draft", {"draft": {"cells": one, "revision": 3}})


def test_results_count_what_passed():
    rows = [{"verdict": "passed", "points": 2}, {"verdict": "failed", "points": 5}]
    assert (have_all_passed(rows), have_all_passed(rows[:1]), have_all_passed([]), have_all_passed(None)) == (
        False,
        True,
        False,
        False,
    )
    assert points_earned(rows) == 2


@pytest.mark.parametrize(
    ("finished", "passed", "shown"), [(0, False, False), (2, False, False), (3, False, True), (1, True, True)]
)
def test_the_model_solution_is_shown_after_a_pass_or_three_tries(finished, passed, shown):
    assert may_show_solution(finished_tests=finished, passed=passed) is shown


def said(seq, text, name="stdout", cell="1"):
    data = {"text/plain": text} if name is None else {"text/plain": text, STREAM: {"name": name}}
    return {"seq": seq, "cell": cell, "data": data}


def test_consecutive_text_of_one_stream_and_cell_is_stored_as_one_output():
    told = [said(1, "a"), said(3, "b"), said(4, "c", "stderr"), said(5, "d"), said(6, "e", None), said(7, "f", None)]
    told += [said(8, "g"), said(9, "h", cell="2")]
    assert join_streams(told) == [said(1, "ab"), *told[2:]]


def version(number, source="x"):
    return {"revision": number, "saved_at": "2026-11-25T12:00:00Z", "cells": [{"id": "2", "source": source}]}


def test_replaced_versions_are_kept_newest_first_and_each_once():
    one, two = version(1, "a"), version(2, "b")
    assert with_version([one], two) == [two, one]
    assert with_version([one], version(5, "a")) == [one]
    assert with_version([one], {**two, "cells": []}) == [one]


def test_the_oldest_versions_make_room():
    kept = [version(number, str(number)) for number in range(MOST_VERSIONS, 0, -1)]
    found = with_version(kept, version(99, "new"))
    assert [each["revision"] for each in found] == [99, *range(MOST_VERSIONS, 1, -1)]
    large = [version(number, f"{number}" * (MOST_VERSION_BYTES // 2)) for number in (2, 1)]
    assert [each["revision"] for each in with_version(large, version(3))] == [3, 2]
    assert [each["revision"] for each in with_version(large, version(4, "4" * MOST_VERSION_BYTES))] == [4]
