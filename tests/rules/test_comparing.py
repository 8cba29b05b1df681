"""Comparing two texts."""

from hypothesis import given
from hypothesis import strategies as st

from course.rules import comparing
from course.rules.comparing import Line, compare, equal_pairs, lines_of_step, pairs_between_changes

TEXTS = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=12).map("\n".join)


def test_the_same_text_has_nothing_to_show():
    assert compare("one\ntwo\n", "one\ntwo") == []


def test_a_changed_line_is_removed_and_added_between_its_neighbours():
    before = "\n".join(f"line {number}" for number in range(1, 12))
    found = compare(before, before.replace("line 6", "line six"))
    assert [(line.kind, line.before, line.after) for line in found] == [
        ("same", 3, 3),
        ("same", 4, 4),
        ("same", 5, 5),
        ("removed", 6, None),
        ("added", None, 6),
        ("same", 7, 7),
        ("same", 8, 8),
        ("same", 9, 9),
    ]


def test_distant_changes_are_separated():
    before = "\n".join(f"line {number}" for number in range(1, 30))
    found = compare(before, before.replace("line 2\n", "").replace("line 29", "the end"))
    assert [line for line in found if line.kind == "gap"] == [Line("gap", None, None, "")]


@given(TEXTS, TEXTS)
def test_the_shown_lines_turn_one_text_into_the_other(before, after):
    found = compare(before, after)
    removed = [line.before for line in found if line.kind == "removed"]
    added = {line.after: line.text for line in found if line.kind == "added"}
    kept = [text for number, text in enumerate(before.splitlines(), 1) if number not in removed]
    lines = range(1, len(after.splitlines()) + 1)
    rebuilt = [added[number] if number in added else kept.pop(0) for number in lines]
    assert (rebuilt, kept) == (after.splitlines(), [])


def test_text_that_repeats_itself_is_replaced_as_a_whole():
    before, after = "\n" * 300 + "x", "\n" * 300 + "y"
    kinds = [line.kind for line in compare(before, after, most_pairs=1_000)]
    assert kinds == ["removed"] * 301 + ["added"] * 301
    assert [line.kind for line in compare("a\nb", "a\nc", most_pairs=1)] == ["same", "removed", "added"]
    assert compare(before, before, most_pairs=1_000) == []


def test_text_in_which_too_many_lines_differ_is_replaced_as_a_whole():
    before = [f"line {number}" for number in range(1_500)]
    after = [line for number, old in enumerate(before) for line in (f"new {number}", old)]
    kinds = [line.kind for line in compare("\n".join(before), "\n".join(after), most_pairs=50_000)]
    assert kinds == ["removed"] * 1_500 + ["added"] * 3_000


def test_a_long_text_with_few_changes_is_still_compared_line_by_line():
    before = [f"line {number}" for number in range(3_000)]
    after = [*before[:1_500], "new", *before[1_500:]]
    kinds = [line.kind for line in compare("\n".join(before), "\n".join(after), most_pairs=50_000)]
    assert kinds == ["same"] * 3 + ["added"] + ["same"] * 3
    assert compare("\n".join(before), "\n".join(before[:-1]), most_pairs=50_000)[-1].kind == "removed"


def test_each_line_has_its_number_before_and_after():
    assert compare("a\nb\nc", "x\na\nc") == [
        Line("added", None, 1, "x"),
        Line("same", 1, 2, "a"),
        Line("removed", 2, None, "b"),
        Line("same", 3, 3, "c"),
    ]
    assert list(lines_of_step(("equal", 2, 4, 5, 7), "abcd", "vwxyzcd")) == [
        Line("same", 3, 6, "c"),
        Line("same", 4, 7, "d"),
    ]


def test_pairs_are_counted_between_the_first_and_the_last_change():
    assert pairs_between_changes("abcde", "abXYde") == 1 * 2
    assert pairs_between_changes("abc", "xyz") == 9
    assert pairs_between_changes("aaa", "aa") == pairs_between_changes("same", "same") == 0
    assert pairs_between_changes("abca", "aXa") == 2
    assert pairs_between_changes("", "ab") == 0
    assert equal_pairs("aab", "abc") == 3


def test_text_that_costs_just_as_much_as_it_may_is_compared(monkeypatch):
    kinds = ["removed", "added", "same", "added"]
    assert [line.kind for line in compare("a\nb", "x\nb\nb", most_pairs=2)] == kinds
    assert [line.kind for line in compare("a\nb", "x\nb\nb", most_pairs=1)] == ["removed"] * 2 + ["added"] * 3
    monkeypatch.setattr(comparing, "MOST_COMPARED", 4)
    assert [line.kind for line in compare("a\nb", "x\nb\nc", most_pairs=9)][:1] == ["removed"]
    assert "same" in {line.kind for line in compare("a\nb", "b\nx", most_pairs=9)}
    monkeypatch.setattr(comparing, "MOST_COMPARED", 3)
    assert "same" not in {line.kind for line in compare("a\nb", "b\nx", most_pairs=9)}
    assert "same" in {line.kind for line in compare("a\nb", "b\nx")}


def test_a_line_in_a_long_text_of_equal_lines_is_found():
    before = ["same"] * 300
    kinds = [line.kind for line in compare("\n".join(before), "\n".join([*before[:150], "new", *before[150:]]))]
    assert kinds == ["same"] * 3 + ["added"] + ["same"] * 3
