"""Every lab that we ship, in the real sandbox: its starter fails, its model solution earns every point."""

from pathlib import Path
from typing import Any

import pytest

from labs.rules.cells import code_of, read_cells
from labs.rules.limits import runner_limits
from labs.rules.texts import LabText
from labs.runner.protocol import Cell, Limits
from tests.content.shipped import FOLDER, shipped
from tests.runner.conftest import Warm, best, starters
from tests.runner.talk import Told, new_id, told

__all__ = ["best", "starters"]  # fixtures

LABS = [pytest.param(lab, id=lab.key) for lab in shipped().labs]


def folder_of(lab: LabText) -> Path:
    return next(path.parent for path in FOLDER.rglob("probes.py") if path.read_text() == lab.probes)


def judged(lab: LabText, script: str, warm: Warm, *, seed: int = 5) -> Told:
    cells = [Cell(**cell) for cell in code_of(read_cells(script))]
    options: dict[str, Any] = {"seed": seed, "runtime": lab.runtime, "limits": Limits(**runner_limits(lab.limits))}
    return told(warm.client.test(new_id(), cells, str(folder_of(lab) / "probes.py"), **options))


def test_the_first_module_has_its_labs_in_the_order_of_its_lessons():
    first = [lab.key for lab in shipped().labs if lab.module_key == "introduction"]
    assert first == [
        "tensors-and-sessions",
        "tensors-today",
        "fit-a-line",
        "iris-with-summaries",
        "activation-surfaces",
    ]


@pytest.mark.parametrize("lab", LABS)
def test_a_starter_runs_and_earns_no_point(lab: LabText, best: Warm):
    ran = judged(lab, lab.source, best)
    assert ran.verdict == "succeeded", ran.text
    assert [row["verdict"] for row in ran.end["tests"]] == ["failed"] * len(lab.tests)


@pytest.mark.parametrize("lab", LABS)
def test_a_model_solution_earns_every_point_and_draws_a_figure(lab: LabText, best: Warm):
    ran = judged(lab, lab.solution, best)
    assert ran.verdict == "succeeded", ran.text
    earned = [(row["name"], row["points"], row["verdict"]) for row in ran.end["tests"]]
    assert earned == [(test["name"], test["points"], "passed") for test in lab.tests]
    assert [frame for frame in ran.frames if "image/png" in frame["data"]] != []
