from functools import cache
from pathlib import Path

import pytest

from labs.runner.judge import Judge
from labs.runner.protocol import SourceCell
from labs.runner.supervisor.requests import seed_of
from tests.rounds import second_round
from tests.runner.forks import Child, Forks, cells

pytestmark = second_round

HERE = Path(__file__).parent
PROBES = str(HERE / "example" / "probes.py")
CHEATS = sorted((HERE / "cheats").glob("*.py"))
IMPATIENT = 2.0
SEED = 2**100 + 11  # as large as those of real runs, so that no counter equals it by chance
WORTH = 10


def submit(
    forks: Forks, script: Path, *, seed: int, patience: float = 120.0, learners_seed: int | None = None
) -> list[dict]:
    """Return the rows of a submission: all its cells run in a fresh child, and the probes are judged here.

    The child's own generators get the seed that the supervisor would give them, or `learners_seed`.
    """
    if learners_seed is None:
        learners_seed = seed_of([SourceCell("1", source) for source in cells(script.read_text())])
    with forks.child(seed=learners_seed) as learner:
        learner.patience = patience
        run_all(learner, script)
        return list(Judge(PROBES, seed).judge(learner.ask, clean_child(forks).ask))


@cache
def clean_child(forks: Forks) -> Child:
    """The second process, which runs only the judge's own code. One for all tests, because forking takes most of the time."""
    return forks.child()


def run_all(child: Child, script: Path) -> None:
    for number, source in enumerate(cells(script.read_text()), 1):
        child.run(source, str(number))


def points(rows: list[dict]) -> int:
    return sum(row["points"] for row in rows if row["verdict"] == "passed")


@pytest.mark.parametrize("seed", range(20))
def test_the_model_solution_earns_every_point_twenty_times_of_twenty(forks: Forks, seed: int) -> None:
    rows = submit(forks, HERE / "example" / "solution.py", seed=seed)
    assert [(row["verdict"], row["message"]) for row in rows] == [("passed", "")] * 4
    assert points(rows) == WORTH


@pytest.mark.parametrize("cheat", CHEATS, ids=lambda path: path.stem)
def test_a_cheating_submission_earns_nothing(forks: Forks, cheat: Path) -> None:
    rows = submit(forks, cheat, seed=SEED, patience=IMPATIENT)
    assert [row["verdict"] for row in rows if row["verdict"] == "passed"] == []
    assert len(rows) == 4


def test_a_fit_that_fits_nothing_would_earn_points_if_the_judges_seed_were_in_its_frames(forks: Forks) -> None:
    rows = submit(forks, HERE / "cheats" / "fits_nothing.py", seed=SEED, learners_seed=SEED)
    assert [(row["name"], row["verdict"]) for row in rows[3:]] == [
        ("A line found is right for unseen points too", "passed")
    ]


def test_there_are_twenty_cheats_and_more() -> None:
    assert len(CHEATS) >= 20


def test_the_starter_earns_nothing_and_gets_the_requirements(forks: Forks) -> None:
    rows = submit(forks, HERE / "example" / "lab.py", seed=3)
    assert [row["verdict"] for row in rows] == ["failed"] * 4
    assert rows[0]["message"].startswith(
        "predict(x, slope, intercept) returns slope · x + intercept, one value for every x. 20 of 20 values are off, by up to "
    )


def test_a_half_solved_lab_earns_its_half(forks: Forks, tmp_path: Path) -> None:
    script = tmp_path / "half.py"
    script.write_text("# %%\ndef predict(x, slope, intercept):\n    return [slope * some + intercept for some in x]\n")
    rows = submit(forks, script, seed=5)
    missing = "{} is not defined. Use the name that the lab asks for."
    assert [(row["verdict"], row["message"]) for row in rows] == [
        ("passed", ""),
        ("error", missing.format("mean_squared_error")),
        ("error", missing.format("fit")),
        ("error", missing.format("fit")),
    ]


def test_test_names_are_known_before_a_run() -> None:
    assert Judge(PROBES, 1).names() == [
        {"name": "The line's height at every x", "points": 2, "tolerance": "±0.0001"},
        {"name": "The mean squared error", "points": 2, "tolerance": "±0.0001"},
        {"name": "The best line for new points", "points": 5, "tolerance": "±0.02"},
        {"name": "A line found is right for unseen points too", "points": 1, "tolerance": "at least 0.99"},
    ]
