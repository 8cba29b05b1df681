"""Event files as TensorFlow writes them, and as nobody honest does."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as some

from labs.rules.charts import MOST_POINTS, MOST_TAGS, read_charts, thinned
from labs.tasks import run_queued
from tests import factories as make
from tests.labs.making import make_lab
from tests.labs.test_api import client_of

TRAIN = """import tensorflow as tf
for run in ("train", "test"):
    with tf.summary.create_file_writer("logs/" + run).as_default():
        for step in range(4):
            tf.summary.scalar("loss", 1 / (step + 1), step=step)
            tf.summary.histogram("weights", tf.range(100.0) * step, step=step, buckets=5)
"""
OF_2017 = """from tensorflow.core.framework.summary_pb2 import Summary, HistogramProto
from tensorflow.core.util.event_pb2 import Event
writer = tf.summary.FileWriter("logs", tf.get_default_graph())
for step in range(3):
    writer.add_summary(Summary(value=[Summary.Value(tag="cost", simple_value=step / 2)]), step)
histogram = HistogramProto(min=0, max=3, num=4, bucket_limit=[1, 2, 1e308], bucket=[1, 2, 1])
writer.add_summary(Summary(value=[Summary.Value(tag="w", histo=histogram)]), 7)
writer.close()
"""


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
    simple = varint(2 << 3 | 5) + struct.pack("<f", value)
    event = field(2, step) + field(5, field(1, field(1, tag) + simple))
    return record(event)


def record(event):
    return struct.pack("<Q4x", len(event)) + event + bytes(4)


def charts_of(*parts, name="logs/events.out.tfevents.1"):
    return read_charts([(name, b"".join(parts))]).shown()


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
    points = [[1, 0.5]]
    for rest in (b"", good[:-1], good[:5], wrong + good, record(field(5, 7)), record(field(2, b"x"))):
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


@pytest.mark.django_db
@pytest.mark.parametrize("runtime", ["tf2", "tf1"])
def test_what_tensorflow_wrote_in_a_lab_is_shown(runner, runtime):
    lab = make_lab(runtime=runtime)
    api = client_of(make.enroll(course=lab.course))
    source = TRAIN if runtime == "tf2" else f"import tensorflow as tf\n{OF_2017}"
    api.post(f"/api/v1/labs/{lab.pk}/runs/", {"cells": [{"id": "2", "source": source}], "cell": "2", "mode": "cell"})
    run_queued("quick")
    charts = api.get(f"/api/v1/labs/{lab.pk}/charts/").json()
    scalars = {(each["run"], each["tag"]): each["points"] for each in charts["scalars"]}
    histogram = charts["histograms"][0]
    if runtime == "tf2":
        assert set(scalars) == {("logs/train", "loss"), ("logs/test", "loss")}
        assert scalars["logs/train", "loss"] == [[0, 1.0], [1, 0.5], [2, pytest.approx(1 / 3)], [3, 0.25]]
        assert [step["step"] for step in histogram["steps"]] == [0, 1, 2, 3]
        assert histogram["steps"][1]["buckets"][0] == [0.0, pytest.approx(19.8), 20.0]
    else:
        assert scalars == {("logs", "cost"): [[0, 0.0], [1, 0.5], [2, 1.0]]}
        assert histogram["steps"] == [{"step": 7, "buckets": [[0.0, 1.0, 1.0], [1.0, 2.0, 2.0], [2.0, 3.0, 1.0]]}]
