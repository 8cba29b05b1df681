"""A lab with everything that a page can show, and stored runs of it."""

import base64
import io
from datetime import timedelta
from typing import Any

from django.utils import timezone
from PIL import Image

from course.markup import render_fragment
from course.models import Course
from labs.models import Lab, Run, Session
from labs.rules.cells import read_cells
from labs.rules.probing import read_tests

SCRIPT = """# %% [markdown]
# You have points that lie almost on a line, and want the line $y = ax + b$.

# %%
import numpy as np
import tensorflow as tf

x = np.linspace(-1, 1, 50).astype("float32")
y = 3 * x + 2

# %% [markdown]
# **The model.** `predict(x, a, b)` returns the height of the line at every $x$.

# %%
def predict(x, a, b):
    return x  # yours to write

# %% [markdown]
# **The descent.** Train for a while and watch the loss.

# %%
print(predict(x, 3.0, 2.0)[:3])
"""
SOLUTION = """# %%
import numpy as np
import tensorflow as tf

x = np.linspace(-1, 1, 50).astype("float32")
y = 3 * x + 2

# %%
def predict(x, a, b):
    return a * x + b

# %%
print(predict(x, 3.0, 2.0)[:3])
"""
PROBES = """from labs.runner.judge.authoring import Call

PROBES = [
    Call(name="The model gives the height of any line", points=2, function="predict",
         draw=lambda rng: (rng.normal(size=8), float(rng.normal()), float(rng.normal())),
         reference=lambda x, a, b: a * x + b, tolerance=1e-4, message="predict(x, a, b) returns a · x + b."),
    Call(name="It takes a single point, too", points=1, function="predict",
         draw=lambda rng: (float(rng.normal()), 2.0, 1.0),
         reference=lambda x, a, b: a * x + b, tolerance=1e-4, message="predict works for one number as for many."),
]
"""


def make_demo_lab(course: Course) -> Lab:
    cells = [
        cell | ({"html": render_fragment(cell["source"]).html} if cell["type"] == "markdown" else {})
        for cell in read_cells(SCRIPT)
    ]
    module = course.modules.get(title="Introduction to TensorFlow")
    texts = {"source": SCRIPT, "solution": SOLUTION, "probes": PROBES, "tests": read_tests(PROBES)}
    return Lab.objects.create(course=course, module=module, key="line", title="Fit a line", cells=cells, **texts)


def starter(lab: Lab, cell: str) -> str:
    return next(each["source"] for each in lab.cells if each["id"] == cell)


def picture(colour: str = "white") -> str:
    written = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(written, "png")
    return base64.b64encode(written.getvalue()).decode()


def ours(name: str, value: Any, text: str = "") -> dict[str, Any]:
    return {f"application/vnd.finalcheck.{name}+json": value, "text/plain": text}


TABLE = "<table><thead><tr><th></th><th>x</th></tr></thead><tbody><tr><th>0</th><td>1.5</td></tr></tbody></table>"
ERROR = {
    "type": "InvalidArgumentError",
    "message": "Matrix size-incompatible: In[0]: [2,3], In[1]: [2,3]",
    "frames": [{"cell": "4", "line": 2, "function": "predict", "source": "return x @ x"}],
    "hint": "A matrix product needs as many columns on the left as rows on the right.",
}
CURVES = {"x": "epoch", "series": {"loss": [[1, 0.9], [2, 0.4], [3, 0.2]], "val_loss": [[1, 1.0], [2, 0.6], [3, 0.5]]}}
NUMBERS = {"title": "Loss by step", "columns": ["step", "loss"], "rows": [[1.0, 0.9], [2.0, None]], "left_out": 3}
FIGURE = {
    "image/png": picture("white"),
    "application/vnd.finalcheck.dark+png": picture("black"),
    "application/vnd.finalcheck.tables+json": {"tables": [NUMBERS]},
    "text/plain": "Figure: Loss by step (x: step, y: loss)",
}
EVERYTHING = [
    ours("stream", {"name": "stdout"}, "".join(f"line {number}\n" for number in range(80))),
    ours("stream", {"name": "stderr"}, "a warning\n"),
    {"text/html": TABLE, "text/plain": "     x\n0  1.5"},
    FIGURE,
    ours("note", {"text": "tf.contrib is gone; this lab has its part of it."}),
    ours("progress", {"step": 3, "total": 3, "metrics": {"loss": 0.2}}),
    ours("curves", CURVES),
]
TESTS = [
    {
        "name": "The model gives the height of any line",
        "points": 3,
        "verdict": "passed",
        "message": "",
        "tolerance": "±0.0001",
    },
    {
        "name": "It takes a single point, too",
        "points": 2,
        "verdict": "failed",
        "message": "predict works for one number as for many. The value is off by 2.5.",
        "tolerance": "±0.0001",
    },
]


def make_past(lab: Lab, learner: Any) -> None:
    """Make a session in which one cell produced every kind of output, one raised and one timed out; and a test run."""
    session = Session.objects.create(learner=learner, place=f"lab:{lab.pk}", opened_at=timezone.now())
    past(lab, learner, "2", "succeeded", EVERYTHING, session=session)
    past(lab, learner, "4", "failed", [ours("error", ERROR, "InvalidArgumentError")], session=session)
    past(lab, learner, "6", "timed_out", [ours("progress", {"step": 9, "total": 20, "metrics": {}})], session=session)
    past(lab, learner, "2", "succeeded", [], mode="test", tests=TESTS)


def past(lab: Lab, learner: Any, cell: str, verdict: str, said: list[dict[str, Any]], **fields: Any) -> Run:
    now = timezone.now()
    outputs = [{"seq": number, "cell": cell, "data": data} for number, data in enumerate(said, 1)]
    values = {"mode": "cell", "runtime": "tf2", "queue": "quick", "state": "finished", "verdict": verdict}
    values |= {"cells": [{"id": cell, "source": starter(lab, cell)}], "created_at": now, "finished_at": now}
    values["has_output"] = bool(outputs)
    return Run.objects.create(learner=learner, lab=lab, outputs=outputs, **{**values, **fields})


def going_on(lab: Lab, learner: Any, cell: str = "2") -> Run:
    """Return a run that a worker has claimed. The test writes its events."""
    now = timezone.now()
    session, _ = Session.objects.get_or_create(
        learner=learner, place=f"lab:{lab.pk}", ended_at=None, defaults={"opened_at": now}
    )
    lease = {"lease_until": now + timedelta(minutes=1), "claim": 1, "worker": "test/1", "started_at": now}
    values = {"mode": "cell", "runtime": "tf2", "queue": "quick", "state": "running", "session": session, **lease}
    cells = [{"id": cell, "source": starter(lab, cell)}]
    return Run.objects.create(learner=learner, lab=lab, cells=cells, created_at=now, **values)
