"""Every shipped lab in the real sandbox: its starter fails, its model solution earns every point."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labs.rules.cells import code_cells, read_cells
from labs.rules.limits import runner_limits
from labs.rules.texts import LabText
from labs.runner.protocol import CAPS, RunLimits, SourceCell
from tests.content.shipped import FOLDER, shipped
from tests.rounds import second_round
from tests.runner.conftest import Warm
from tests.runner.talk import Told, new_id, told

pytestmark = second_round

LABS = [pytest.param(lab, id=lab.key) for lab in shipped().labs]


def folder_of(lab: LabText) -> Path:
    return next(path.parent for path in FOLDER.rglob("probes.py") if path.read_text() == lab.probes)


def limits_on_a_busy_machine(written: dict[str, int]) -> RunLimits:
    """Return the lab's limits with its seconds counted in processor time, because wall time depends on other load."""
    own = RunLimits(**runner_limits(written))
    return replace(own, wall_seconds=CAPS.wall_seconds, cpu_seconds=min(own.wall_seconds, own.cpu_seconds))


def judged(lab: LabText, script: str, warm: Warm, *, seed: int = 5) -> Told:
    cells = [SourceCell(**cell) for cell in code_cells(read_cells(script))]
    options: dict[str, Any] = {"seed": seed, "runtime": lab.runtime, "limits": limits_on_a_busy_machine(lab.limits)}
    return told(warm.client.test(new_id(), cells, str(folder_of(lab) / "probes.py"), **options))


def test_the_first_module_has_its_labs_in_the_order_of_its_lessons():
    first = [lab.key for lab in shipped().labs if lab.module_key == "introduction"]
    assert first == [
        "tensors-today",
        "tensors-and-sessions",
        "fit-a-line",
        "iris-with-summaries",
        "activation-surfaces",
    ]


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_says_how_long_it_takes(lab: LabText):
    assert 15 <= lab.minutes <= 90


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


WRONG_RECORDS = {
    "always nearly right": 'tf.summary.scalar("accuracy", tf.constant(0.9))',
    "always right": 'tf.summary.scalar("accuracy", tf.constant(1.0))',
    "the share of errors": 'tf.summary.scalar("accuracy", 1 - accuracy)',
    "the cost again": 'tf.summary.scalar("accuracy", cost)',
}


@pytest.mark.parametrize("name", WRONG_RECORDS)
def test_an_unmeasured_accuracy_fails_only_the_test_of_the_records(name: str, best: Warm):
    lab = next(lab for lab in shipped().labs if lab.key == "iris-with-summaries")
    wrong = lab.solution.replace('tf.summary.scalar("accuracy", accuracy)', WRONG_RECORDS[name])
    assert wrong != lab.solution
    rows = judged(lab, wrong, best).end["tests"]
    assert [row["name"] for row in rows if row["verdict"] != "passed"] == ["The records match the training"]
