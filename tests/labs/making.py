"""Labs and runs for tests."""

from typing import Any

from labs.models import Lab, Run
from labs.rules.cells import read_cells
from labs.rules.probing import read_tests
from labs.services import order_free_run
from tests import factories as make

SCRIPT = """# %% [markdown]
# Double it.

# %%
step = 1

# %%
def double(x):
    return x

# %%
print(double(step))
"""
PROBES = """from labs.runner.judge.authoring import Call

PROBES = [
    Call(name="Doubles", points=2, function="double", draw=lambda rng: (float(rng.uniform(1, 9)),),
         reference=lambda x: 2 * x, message="double(x) returns 2 · x."),
]
"""
RIGHT = [
    {"id": "2", "source": "step = 1"},
    {"id": "3", "source": "def double(x):\n    return 2 * x"},
    {"id": "4", "source": "print(double(step))"},
]
START = [{"id": cell["id"], "source": cell["source"]} for cell in read_cells(SCRIPT) if cell["type"] == "code"]


def make_lab(*, course: Any = None, **fields: Any) -> Lab:
    module = make.make_module(course=course or make.make_course())
    values = {"cells": read_cells(SCRIPT), "source": SCRIPT, "solution": SCRIPT, "probes": PROBES}
    values |= {"tests": read_tests(PROBES), "title": "Double"}
    return Lab.objects.create(course=module.course, module=module, key=f"lab-{module.pk}", **{**values, **fields})


def make_learner(lab: Lab | None = None) -> Any:
    return make.enroll(course=lab.course if lab else make.make_course())


def order(learner: Any, code: str = "print(1)", now: Any = make.NOW) -> Run:
    return order_free_run(learner=learner, code=code, runtime="tf2", now=now)


def text_of(run: Run) -> str:
    return "".join(output["data"].get("text/plain", "") for output in run.outputs)
