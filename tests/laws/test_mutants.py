"""The mutants of the rules: a sample of them on every run, all of them in the long runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants import MUTANTS

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = """
from tests.mutants import MUTANTS, Mutant, judge
same = Mutant("quizzes/rules/timing.py", "same", "received_at <= accepts_until", "not received_at > accepts_until")
for mutant, verdict in judge([same, *MUTANTS[::32]]):
    print("killed" if verdict.is_killed else f"alive: {mutant.name}")
"""


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.file}: {mutant.name}")
def test_a_mutant_is_one_change_that_compiles(mutant):
    assert mutant.text != (ROOT / mutant.file).read_text()
    compile(mutant.text, mutant.file, "exec")


def test_every_module_that_decides_has_mutants():
    modules = {
        path.relative_to(ROOT).as_posix() for app in ("grading", "quizzes") for path in ROOT.glob(f"{app}/rules/*.py")
    }
    modules |= {path.relative_to(ROOT).as_posix() for path in ROOT.glob("quizzes/types/*/marking.py")}
    decides_nothing = {path for path in modules if path.endswith(("__init__.py", "/texts.py"))}
    assert modules - decides_nothing - {mutant.file for mutant in MUTANTS} == set()


def test_a_sample_of_the_mutants_is_killed_and_one_that_changes_nothing_is_not():
    command = (sys.executable, "-c", SAMPLE)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["alive: same", *["killed"] * len(MUTANTS[::32])], done.stderr
