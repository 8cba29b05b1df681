"""Event files as TensorFlow writes them, and crafted ones."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as some

from labs.rules import charts
from labs.rules.charts import MOST_POINTS, MOST_TAGS, MOST_WORK, read_charts, thinned
from labs.rules.records import Budget


def varint(number):
    found = b""
    while number > 127:
        found += bytes([number & 127 | 128])
        number >>= 7
    return found + bytes([number])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def scalar(step, value, tag=b"loss"):
    return record(field(2, step) + field(5, summary(value, tag)))


def summary(value, tag=b"loss"):
    simple = varint(2 << 3 | 5) + struct.pack("<f", value)
    return field(1, field(1, tag) + simple)


def record(event):
    return struct.pack("<Q4x", len(event)) + event + bytes(4)


def charts_of(*parts, name="logs/events.out.tfevents.1"):
    return read_charts([(name, b"".join(parts))]).as_json()


def test_scalars_are_read_by_run_and_tag():
    charts = charts_of(scalar(1, 0.5), scalar(2, 0.25), scalar(1, 8, b"other"))
    assert charts == {
        "scalars": [
            {"run": "logs", "tag": "loss", "points": [[1, 0.5], [2, 0.25]]},
            {"run": "logs", "tag": "other", "points": [[1, 8.0]]},
        ],
        "histograms": [],
    }
    assert charts_of(scalar(2**64 - 1, 1), name="tfevents")["scalars"][0] == {
        "run": ".",
        "tag": "loss",
        "points": [[-1, 1.0]],
    }


def test_a_file_that_breaks_off_or_goes_wrong_is_read_up_to_there():
    good, wrong = scalar(1, 0.5), record(b"\xff" * 9)
    beyond = record(field(2, 2) + varint(5 << 3 | 2) + varint(len(summary(1)) + 1) + summary(1))
    points = [[1, 0.5]]
    for rest in (b"", good[:-1], good[:5], wrong + good, record(field(5, 7)), record(field(2, b"x")), beyond):
        assert charts_of(good, rest)["scalars"][0]["points"] == points
    assert charts_of(good, scalar(2, float("nan")), scalar(3, float("inf")))["scalars"][0]["points"] == points


def test_many_points_and_tags_are_thinned_out_to_what_a_page_can_draw():
    points = charts_of(*(scalar(step, 1) for step in range(9000)))["scalars"][0]["points"]
    assert (len(points), points[0][0], points[-1][0]) == (MOST_POINTS, 0, 8999)
    assert len(charts_of(*(scalar(1, 1, b"%d" % tag) for tag in range(90)))["scalars"]) == MOST_TAGS
    assert (thinned(range(3), 3), thinned(range(9), 3)) == ([0, 1, 2], [0, 4, 8])


@given(some.binary(max_size=200))
def test_no_bytes_whatever_break_the_reading(content):
    for event in (content, field(5, content), field(5, field(1, content)), *wrapped(content)):
        charts_of(scalar(1, 1), record(event), content)


def wrapped(content):
    return [field(5, field(1, field(number, content))) for number in (2, 5, 8)]


class Counting(Budget):
    """Counts the cost of reading, without a limit."""

    spent = 0

    def spend(self, units):
        self.spent += units
        super().spend(units)


TINY = record(b"\x08\x01" * 400_000)
VALUES = record(field(5, summary(1.0) * 60_000))
BUCKETS = struct.pack("<d", 1.0) * 60_000
HISTOGRAM = record(field(5, field(1, field(1, b"h") + field(5, field(6, BUCKETS) + field(7, BUCKETS)))))


@pytest.mark.parametrize("crafted", [TINY * 8, VALUES * 8, HISTOGRAM * 8, record(b"\x08\x01") * 20_000])
def test_crafted_files_cost_no_more_than_reading_may(crafted, monkeypatch):
    """One such request took 3.5 s."""
    budgets = []
    monkeypatch.setattr(charts, "Budget", lambda units: budgets.append(Counting(units)) or budgets[0])
    read_charts([(f"logs/events.out.tfevents.{number}", crafted) for number in range(20)])
    assert 0 < budgets[0].spent <= MOST_WORK + 60_000  # the last requested unit is not paid


def test_points_read_before_the_budget_ran_out_are_shown():
    found = read_charts([("logs/events.out.tfevents.1", scalar(1, 0.5)), ("logs/events.out.tfevents.2", TINY * 2)])
    assert [each["points"] for each in found.as_json()["scalars"]] == [[[1, 0.5]]]
