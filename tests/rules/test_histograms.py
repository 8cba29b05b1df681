"""Histograms and numbers in event files, in both of TensorBoard's formats."""

import struct

import pytest

from labs.rules import charts
from labs.rules.charts import MOST_BUCKETS, is_event_file, read_charts
from labs.rules.records import Budget
from tests.rules.test_charts import charts_of, field, record, scalar, varint

FLOAT, DOUBLE, INTEGER = 1, 2, 3  # TensorFlow's DataType


def doubles(*numbers):
    return struct.pack(f"<{len(numbers)}d", *numbers)


def floats(*numbers):
    return struct.pack(f"<{len(numbers)}f", *numbers)


def eight(number, value):
    """Return a field that is one 64-bit float."""
    return varint(number << 3 | 1) + struct.pack("<d", value)


def value_of(*said, step=3):
    """Return the charts of an event with one value, which is tagged "w"."""
    found = charts_of(record(field(2, step) + field(5, field(1, field(1, b"w") + b"".join(said)))))
    return [each.get("points") or each["steps"] for each in (*found["scalars"], *found["histograms"])]


def buckets_of(*said):
    return [step["buckets"] for steps in value_of(*said) for step in steps]


def old(limits, counts, *, least=0.0, most=3.0):
    return field(5, eight(1, least) + eight(2, most) + field(6, doubles(*limits)) + field(7, doubles(*counts)))


def tensor(kind, shape, *content):
    sizes = b"".join(field(2, field(1, size)) for size in shape)
    return field(8, field(1, kind) + field(2, sizes) + b"".join(content))


def test_each_bucket_of_the_old_format_ends_at_its_limit_within_the_smallest_and_largest_value():
    assert value_of(old([1, 2, 1e308], [1, 2, 1])) == [
        [{"step": 3, "buckets": [[0.0, 1.0, 1.0], [1.0, 2.0, 2.0], [2.0, 3.0, 1.0]]}]
    ]
    assert buckets_of(old([-9, 2], [1, 1], least=-1.0)) == [[[-1.0, -1.0, 1.0], [-1.0, 2.0, 1.0]]]
    assert buckets_of(field(5, field(6, doubles(1)) + field(7, doubles(4)))) == [[[0.0, 0.0, 4.0]]]


def test_rows_of_three_numbers_are_the_buckets_of_the_new_format():
    rows = [0, 1, 5, 1, 2, 6]
    for kind, content in [(FLOAT, floats(*rows)), (DOUBLE, doubles(*rows))]:
        for place in (4, 5 if kind == FLOAT else 6):
            assert buckets_of(tensor(kind, [2, 3], field(place, content))) == [[[0.0, 1.0, 5.0], [1.0, 2.0, 6.0]]]


def test_one_number_without_a_shape_is_a_scalar_of_the_new_format():
    assert value_of(tensor(FLOAT, [], field(4, floats(0.5)))) == [[[3, 0.5]]]
    assert value_of(tensor(DOUBLE, [], field(6, doubles(0.5)))) == [[[3, 0.5]]]


@pytest.mark.parametrize(
    "said",
    [
        tensor(INTEGER, [], field(4, floats(0.5))),
        tensor(FLOAT, [], field(4, floats(0.5, 1))),
        tensor(FLOAT, [1], field(4, floats(0.5))),
        tensor(FLOAT, [3], field(4, floats(1, 2, 3))),
        tensor(FLOAT, [1, 1, 3], field(4, floats(1, 2, 3))),
        tensor(FLOAT, [3, 1], field(4, floats(1, 2, 3))),
        tensor(FLOAT, [2, 3], field(4, floats(1, 2, 3))),
        tensor(FLOAT, [1, 2], field(4, floats(1, 2))),
        tensor(FLOAT, [], field(6, doubles(1))),
        tensor(FLOAT, [0, 3]),
        field(5, b""),
        field(8, field(1, FLOAT) + field(2, field(2, b"") + field(2, field(1, 3))) + field(4, floats(1, 2, 3))),
        varint(2 << 3 | 2) + varint(8) + floats(1, 2),
    ],
    ids=[
        "whole numbers",
        "two numbers without a shape",
        "one number in a list",
        "a list of three",
        "a cube",
        "three rows of one",
        "fewer numbers than the shape says",
        "rows of two",
        "numbers of the other kind",
        "no rows",
        "an empty histogram",
        "a row without a size",
        "two simple values",
    ],
)
def test_anything_else_is_no_chart(said):
    assert value_of(said) == []


def test_buckets_that_cannot_be_drawn_are_left_out_and_neighbors_are_merged():
    rows = [0, 1, -1, 1, 2, float("nan"), 2, float("inf"), 1, 3, 4, 0]
    assert buckets_of(tensor(DOUBLE, [4, 3], field(4, doubles(*rows)))) == [[[3.0, 4.0, 0.0]]]
    many = [number for place in range(2 * MOST_BUCKETS + 1) for number in (place, place + 1, 1)]
    (found,) = buckets_of(tensor(DOUBLE, [2 * MOST_BUCKETS + 1, 3], field(4, doubles(*many))))
    assert found == [[float(at), float(min(at + 3, 101)), 3.0 if at < 99 else 2.0] for at in range(0, 101, 3)]
    (found,) = buckets_of(tensor(DOUBLE, [MOST_BUCKETS, 3], field(4, doubles(*many[: 3 * MOST_BUCKETS]))))
    assert len(found) == MOST_BUCKETS


def test_steps_of_a_histogram_are_thinned_out_and_in_order():
    events = [field(2, step) + field(5, field(1, field(1, b"w") + old([1], [1]))) for step in range(30, 0, -1)]
    (found,) = charts_of(*map(record, events))["histograms"]
    steps = [each["step"] for each in found["steps"]]
    assert (found["run"], found["tag"], len(steps), steps[0], steps[-1]) == ("logs", "w", 20, 1, 30)
    assert steps == sorted(steps)


def test_a_value_without_a_step_or_a_tag_has_step_0_and_no_name():
    (found,) = charts_of(record(field(5, field(1, varint(2 << 3 | 5) + floats(0.5)))))["scalars"]
    assert (found["tag"], found["points"]) == ("", [[0, 0.5]])


@pytest.mark.parametrize(("number", "steps"), [(2000, range(2000)), (2001, range(0, 2001, 2))])
def test_reading_keeps_at_most_four_times_what_is_shown(number, steps):
    found = read_charts([("tfevents", b"".join(scalar(step, 1) for step in range(number)))])
    assert [step for step, _ in found.scalars[".", "loss"]] == list(steps)


def cost_of(*said):
    """Return how much of the budget a file with these values takes."""
    budgets = []
    content = b"".join(record(field(5, field(1, value))) for value in said)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(charts, "Budget", lambda units: budgets.append(Budget(units)) or budgets[0])
        read_charts([("tfevents", content)])
    return charts.MOST_WORK - budgets[0].left


def test_each_record_each_field_and_each_bucket_costs_one_unit():
    assert cost_of(b"", b"") == 2 * (1 + 1 + 1)
    assert cost_of(old([1] * 9, [1] * 9)) - cost_of(old([1], [1])) == 8
    many, few = (tensor(FLOAT, [rows, 3], field(4, floats(*[1] * 3 * rows))) for rows in (9, 1))
    assert cost_of(many) - cost_of(few) == 8


def test_a_tag_has_at_most_200_characters_and_broken_text_is_replaced():
    (found,) = charts_of(scalar(1, 1, b"\xff" + b"t" * 300))["scalars"]
    assert found["tag"] == "\ufffd" + "t" * 199


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("logs/events.out.tfevents.1", True), ("tfevents", True), ("tfevents/model.h5", False), ("a.csv", False)],
)
def test_the_name_of_a_file_says_whether_it_holds_events(name, is_one):
    assert is_event_file(name) is is_one
