"""A learner's draft as a notebook and back, and charts from event files that TensorFlow wrote in a lab."""

from datetime import timedelta

import pytest

from labs.models import DrawnCharts, LeftFile
from labs.services import clear_leftovers
from labs.tasks import run_waiting
from tests import factories as make
from tests.labs.api.test_labs import client_of
from tests.labs.making import RIGHT, make_lab
from tests.rules.test_charts import scalar
from tests.statements import counted_statements


@pytest.mark.django_db
def test_labs_notebook_is_downloaded_and_sent_back():
    lab = make_lab()
    api = client_of(make.enroll(course=lab.course))
    url = f"/api/v1/labs/{lab.pk}/"
    assert api.put(f"{url}draft/", {"cells": RIGHT, "revision": 0}).status_code == 200
    sent = api.get(f"{url}notebook/")
    assert (sent["Content-Type"], sent["X-Content-Type-Options"]) == ("application/x-ipynb+json", "nosniff")
    assert sent["Content-Disposition"] == f'attachment; filename="{lab.key}.ipynb"'
    back = api.put(f"{url}notebook/", sent.content, content_type="application/x-ipynb+json")
    assert (back.status_code, back.json()) == (200, {"cells": RIGHT})
    refused = api.put(f"{url}notebook/", b"[]", content_type="application/octet-stream")
    assert (refused.status_code, refused.json()["code"]) == (400, "notebook_unreadable")
    assert client_of(make.make_user()).get(f"{url}notebook/").json()["code"] == "not_enrolled"


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


@pytest.mark.django_db
@pytest.mark.parametrize("runtime", ["tf2", "tf1"])
def test_labs_charts_show_what_tensorflow_wrote(runner, runtime):
    lab = make_lab(runtime=runtime)
    api = client_of(make.enroll(course=lab.course))
    source = TRAIN if runtime == "tf2" else f"import tensorflow as tf\n{OF_2017}"
    api.post(f"/api/v1/labs/{lab.pk}/runs/", {"cells": [{"id": "2", "source": source}], "cell": "2", "mode": "cell"})
    run_waiting("quick")
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


def left(lab, learner, *events, changed=1):
    values = {"learner": learner, "lab": lab, "content": b"".join(events), "changed": changed, "saved_at": make.NOW}
    values["size"] = len(values["content"])
    LeftFile.objects.update_or_create(folder="work", name="logs/events.out.tfevents.1", defaults=values)


def points(api, lab):
    return api.get(f"/api/v1/labs/{lab.pk}/charts/").json()["scalars"][0]["points"]


@pytest.mark.django_db
def test_labs_charts_are_drawn_once_for_each_set_of_files():
    lab = make_lab()
    learner = make.enroll(course=lab.course)
    api = client_of(learner)
    left(lab, learner, scalar(1, 0.5))
    read = []
    for _ in range(3):
        with counted_statements() as statements:
            assert points(api, lab) == [[1, 0.5]]
        read.append(sum(each.startswith('SELECT "labs_leftfile"."content"') for each in statements))
    assert read == [1, 0, 0]
    left(lab, learner, scalar(1, 0.5), scalar(2, 0.25), changed=2)
    assert points(api, lab) == [[1, 0.5], [2, 0.25]]
    assert DrawnCharts.objects.count() == 1
    clear_leftovers(now=make.NOW + timedelta(days=3650))
    assert DrawnCharts.objects.count() == 0


@pytest.mark.django_db
def test_labs_charts_of_another_learner_are_their_own():
    lab = make_lab()
    one, other = (make.enroll(course=lab.course) for _ in range(2))
    left(lab, one, scalar(1, 0.5))
    assert points(client_of(one), lab) == [[1, 0.5]]
    assert client_of(other).get(f"/api/v1/labs/{lab.pk}/charts/").json() == {"scalars": [], "histograms": []}
