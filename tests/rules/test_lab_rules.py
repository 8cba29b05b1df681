"""Small rules of labs: turns in the queue, cells, probes, listings, limits, drafts, results, output, versions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.refusals import Refusal
from labs.rules import drafts
from labs.rules.cells import cell_numbers, code_cells, numbered_cells, read_cells, written_code
from labs.rules.cheats import ANSWERS, cheats
from labs.rules.drafts import MOST_VERSION_BYTES, MOST_VERSIONS, decide_lab_draft, leaves_out, with_version
from labs.rules.heartbeats import ALIVE, FORGOTTEN, LATE, LEASE, WORKER_INTERVAL
from labs.rules.keeping import size_of
from labs.rules.limits import SESSION_IDLE, refuse_limits, runner_limits, wall_seconds
from labs.rules.listings import prerequisites
from labs.rules.outputs import STREAM, join_streams
from labs.rules.probing import read_tests
from labs.rules.queueing import Waiting, fairest, is_broken, queue_for, starting_order
from labs.rules.results import have_all_passed, points_earned
from labs.runner.protocol import RunLimits

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


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


CELLS = [
    {"id": "1", "type": "markdown", "source": "Text"},
    {"id": "2", "type": "code", "source": "x = 1", "more": "hidden"},
    {"id": "3", "type": "code", "source": "y = 2"},
]


class Draft:
    """A learner's draft of both cells and of one that the lab no longer has."""

    cells = [{"id": "3", "source": "b"}, {"id": "2", "source": "a"}, {"id": "9", "source": "gone"}]


def test_pages_call_each_cell_that_runs_by_its_number():
    assert code_cells(CELLS) == [{"id": "2", "source": "x = 1"}, {"id": "3", "source": "y = 2"}]
    assert numbered_cells(CELLS) == {"2": "Cell 1", "3": "Cell 2"}


def test_cells_of_text_do_not_count_among_those_that_run():
    assert cell_numbers(read_cells("# %% [markdown]\n# a\n# %%\nb\n# %% [markdown]\n# c\n# %%\nd\n# %%\ne")) == {
        "1": "1",
        "2": "1",
        "3": "2",
        "4": "2",
        "5": "3",
    }


def test_written_code_is_that_of_one_cell_or_of_all_in_the_labs_order():
    assert written_code(CELLS, Draft(), "") == "# cell 1\na\n\n# cell 2\nb"
    assert [written_code(CELLS, Draft(), cell) for cell in ("3", "1", "9")] == ["# cell 2\nb", "", ""]
    assert written_code(CELLS, None, "") == ""


def test_a_run_is_given_up_after_three_losses():
    assert (is_broken(2), is_broken(3)) == (False, True)


def test_silence_of_a_worker_means_more_the_longer_it_lasts():
    silences = (WORKER_INTERVAL, LATE, LEASE, ALIVE, FORGOTTEN)
    assert [found.total_seconds() for found in silences] == [10, 25, 30, 60, 24 * 60 * 60]


def test_each_way_to_cheat_defines_all_names_that_are_asked_for():
    found = cheats(["up", "down"])
    assert found.keys() == ANSWERS.keys()
    assert all(code.startswith("# %%\nclass Cheat:\n") for code in found.values())
    assert all(code.endswith("\n\n\nup = down = Cheat()\n") for code in found.values())
    assert [answer in found[does] for does, answer in ANSWERS.items()] == [True] * 6


def test_ways_to_cheat_do_what_they_say():
    def up(way, *args):
        names = {}
        exec(cheats(["up"])[way], names)
        return names["up"](*args), names["up"].run(*args)

    assert up("returns its first argument", 3) == (3, 3)
    assert up("returns its first argument") == (None, None)
    assert "return " + 'print("passed")' in cheats(["up"])["prints that it passed"]
    assert 'return __import__("os")._exit(0)' in cheats(["up"])["ends its process with success"]
    assert up("answers True") == (True, True)
    nothing, _ = up("answers NaN")
    assert nothing != nothing
    equal, _ = up("returns an object that equals everything")
    assert equal == object()
    assert equal.__array__() == 0


def test_versions_that_just_fit_are_kept(monkeypatch):
    kept = [version(2, "b"), version(1, "a")]
    monkeypatch.setattr(drafts, "MOST_VERSION_BYTES", sum(map(size_of, [version(3), *kept])))
    assert with_version(kept, version(3)) == [version(3), *kept]
    monkeypatch.setattr(drafts, "MOST_VERSION_BYTES", drafts.MOST_VERSION_BYTES - 1)
    assert with_version(kept, version(3)) == [version(3), kept[0]]


def test_limits_include_their_bounds_and_a_lab_without_one_has_the_runners():
    assert [refuse_limits({"disk": most}) for most in (1, 256)] == [None, None]
    assert refuse_limits({"disk": 0}) == "“disk” needs a whole number from 1 to 256"
    assert (wall_seconds({"wall": 7}), wall_seconds({})) == (7, RunLimits().wall_seconds)
    assert timedelta(seconds=RunLimits().idle_seconds) == SESSION_IDLE


def test_a_listing_may_need_none_and_gives_its_source():
    listings = [{"id": "a", "source": "A"}, {"id": "b", "after": ["a"], "source": "B"}]
    assert prerequisites(listings, "b") == [{"id": "a", "source": "A"}]
    assert prerequisites(listings, "a") == []
    chain = [*listings, {"id": "c", "after": ["b"], "source": "C"}]
    assert [each["id"] for each in prerequisites(chain, "c")] == ["a", "b"]


@pytest.mark.parametrize(
    "probe",
    [
        'C(name="A", points=-1)',
        'C(name="A", points=True)',
        'C(name="A", points=1.5)',
        'C(name="A")',
        "C(name=A, points=1)",
        "C(name=1, points=1)",
        "C(points=1)",
        '"A"',
    ],
)
def test_a_probe_needs_a_name_and_points(probe):
    with pytest.raises(ValueError, match=r"^each probe writes out its name, a text, and its points, a whole number$"):
        read_tests(f"PROBES = [{probe}]")


def test_a_lab_has_no_more_tests_than_the_runner_judges():
    assert len(read_tests(f"PROBES = [{'C(name="A", points=1),' * 200}]")) == 200
    with pytest.raises(ValueError, match=r"^a lab has at most 200 tests$"):
        read_tests(f"PROBES = [{'C(name="A", points=1),' * 201}]")


@pytest.mark.parametrize("text", ["", "PROBES = 3", "PROBES = OTHER = []", "OTHER = []", "a.PROBES = []"])
def test_probes_must_be_a_list_of_that_name(text):
    with pytest.raises(ValueError, match=r"^PROBES, a list of probes, is missing$"):
        read_tests(text)
    assert read_tests(f"{text}\nPROBES = []") == []


def test_a_draft_that_is_older_than_the_last_one_is_stale_even_with_the_same_cells():
    cells = [{"id": "1", "source": "a"}]
    with pytest.raises(Refusal):
        decide_lab_draft(stored_revision=3, stored_cells=cells, revision=1, cells=cells)
    with pytest.raises(Refusal):
        decide_lab_draft(stored_revision=3, stored_cells=cells, revision=4, cells=cells)


@pytest.mark.parametrize(
    ("stored", "saved", "drops"),
    [
        ("", "", False),
        ("", "12", False),
        ("12", "12", False),
        ("12", "132", False),
        ("12", "1", True),
        ("24", "35", True),
    ],
)
def test_a_save_leaves_out_a_stored_cell_if_it_lacks_its_number(stored: str, saved: str, drops: bool):
    def cells(ids: str) -> list[dict[str, str]]:
        return [{"id": each, "source": ""} for each in ids]

    assert leaves_out(cells(saved), cells(stored)) is drops
