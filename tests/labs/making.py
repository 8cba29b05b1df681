"""Labs and runs for tests."""

from typing import Any

from labs.models import Lab, Retest, RetestedRun, Run
from labs.rules.cells import read_cells
from labs.rules.probing import read_tests
from labs.rules.results import have_all_passed
from labs.rules.solutions import USUAL_TERMS
from labs.services import begin_retest, order_free_run
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
    values |= {"tests": read_tests(PROBES), "title": "Double", "solution_opens": USUAL_TERMS.stored()}
    return Lab.objects.create(course=module.course, module=module, key=f"lab-{module.pk}", **{**values, **fields})


def make_learner(lab: Lab | None = None) -> Any:
    return make.enroll(course=lab.course if lab else make.make_course())


def order(learner: Any, code: str = "print(1)", now: Any = make.NOW) -> Run:
    return order_free_run(learner=learner, code=code, runtime="tf2", now=now)


def text_of(run: Run) -> str:
    return "".join(output["data"].get("text/plain", "") for output in run.outputs)


def results_in(lab: Lab, *verdicts: str) -> list[dict[str, Any]]:
    """Return these verdicts as the results of the lab's tests, in order."""
    return [
        {**test, "verdict": found, "message": "", "tolerance": ""}
        for test, found in zip(lab.tests, verdicts, strict=True)
    ]


def make_test_run(lab: Lab, learner: Any, *verdicts: str, cells: Any = RIGHT) -> Run:
    """Make a finished test run with these verdicts, judged by other tests than the lab has now. It moves no grade."""
    rows = results_in(lab, *verdicts)
    facts = {"mode": "test", "runtime": "tf2", "queue": "quick", "created_at": make.NOW, "cells": cells, "size": 10}
    facts |= {"state": "finished", "verdict": "succeeded", "finished_at": make.NOW}
    return Run.objects.create(learner=learner, lab=lab, tests=rows, has_passed=have_all_passed(rows), **facts)


def make_retest(lab: Lab, author: Any, verdicts: dict[str, Any], now: Any = make.NOW) -> Retest:
    """Make a retest of a lab that has finished, with these verdicts by the id of a run; None for a run without results."""
    retest = begin_retest(course=lab.course, lab_id=lab.pk, author=author, now=now)
    for run_id, found in verdicts.items():
        rows = None if found is None else results_in(lab, *found)
        RetestedRun.objects.create(retest=retest, run_id=run_id, tests=rows)
    Retest.objects.filter(pk=retest.pk).update(finished_at=now)
    return retest
