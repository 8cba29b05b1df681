"""Tests of a lab through the whole runner: sandboxed learner, judge outside, a second clean sandbox for held-out data."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from labs.runner.protocol import Cell, Client, Limits
from tests.runner.talk import Told, new_id, told

EXAMPLE = Path(__file__).parent / "judge"
PROBES = EXAMPLE / "example/probes.py"
CHEATS = sorted((EXAMPLE / "cheats").glob("*.py"))
PATIENCE = Limits(wall_seconds=8)


@pytest.fixture
def client(best) -> Client:
    return best.client


def cells(script: Path) -> Iterator[Cell]:
    """The code cells of a percent script."""
    parts = re.split(r"^# %%(.*)\n", script.read_text(), flags=re.MULTILINE)
    for number, (mark, source) in enumerate(zip(parts[1::2], parts[2::2], strict=True), 1):
        if "markdown" not in mark:
            yield Cell(str(number), source)


def submit(client: Client, script: Path, *, seed: int, probes: Path = PROBES) -> Told:
    return told(client.test(new_id(), list(cells(script)), str(probes), seed=seed, limits=PATIENCE))


def points(run: Told) -> int:
    return sum(row["points"] for row in run.end["tests"] or [] if row["verdict"] == "passed")


@pytest.mark.parametrize("seed", range(3))
def test_the_model_solution_earns_every_point(client, seed):
    run = submit(client, EXAMPLE / "example/solution.py", seed=seed)
    assert (run.verdict, [row["verdict"] for row in run.end["tests"]], points(run)) == ("succeeded", ["passed"] * 4, 10)


def test_each_test_is_told_as_soon_as_it_is_judged_and_all_of_them_at_the_end(client):
    """The last two train and show their progress, each after what came before it was told."""
    run = submit(client, EXAMPLE / "example/solution.py", seed=1)
    assert [event["row"] for event in run.events if event["event"] == "tested"] == run.end["tests"]
    asked = [event["event"] for event in run.events if event["event"] in ("frame", "tested") and not event.get("cell")]
    assert [kind for kind, _ in itertools.groupby(asked)] == ["tested", "frame", "tested", "frame", "tested"]
    assert (asked.index("frame"), len(run.end["tests"])) == (2, 4)


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda path: path.stem)
def test_a_cheating_submission_earns_nothing(client, cheat):
    run = submit(client, cheat, seed=11)
    assert (run.verdict == "broken", points(run)) == (False, 0)


def test_the_same_submission_gets_the_same_rows_again(client):
    rows = [submit(client, EXAMPLE / "example/lab.py", seed=3).end["tests"] for _ in range(2)]
    assert rows[0] == rows[1]


def test_nothing_of_the_judge_is_told_to_the_client_or_the_learner(client, tmp_path):
    """The learner's own process looks for the probes: on disk, among its modules, in its memory's strings."""
    looker = tmp_path / "looker.py"
    looker.write_text(f"""# %%
import gc, os, sys
found = [name for name in sys.modules if 'judge' in name or 'examiner' in name]
found += [p for p in ({str(PROBES)!r}, os.path.dirname({str(PROBES)!r})) if os.access(p, os.R_OK)]
try:
    found += [open({str(PROBES)!r}).read()]
except OSError:
    pass
print(found)
""")
    assert submit(client, looker, seed=1).text == "[]\n"


def test_a_broken_cell_is_not_judged(client, tmp_path):
    script = tmp_path / "broken.py"
    script.write_text("# %%\n1 / 0\n")
    run = submit(client, script, seed=1)
    assert (run.verdict, run.end["tests"]) == ("failed", None)


def test_probes_that_are_at_fault_are_ours_and_not_the_learners(client, tmp_path):
    probes = tmp_path / "probes.py"
    probes.write_text("PROBES = []\n")
    run = submit(client, EXAMPLE / "example/solution.py", seed=1, probes=probes)
    assert (run.verdict, run.end["tests"]) == ("broken", None)
    assert "has no PROBES" in run.end["message"]


def test_probes_that_end_their_process_are_ours_too(client, tmp_path):
    probes = tmp_path / "probes.py"
    probes.write_text("import os\nos._exit(3)\n")
    assert submit(client, EXAMPLE / "example/solution.py", seed=1, probes=probes).verdict == "broken"
