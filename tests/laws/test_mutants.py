"""The mutants of the rules: a sample of them on every run, all of them in the long forms."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants import MUTANTS

ROOT = Path(__file__).resolve().parent.parent.parent
HARMLESS = """
from tests.mutants import Mutant, judge
bent = Mutant("quizzes/rules/timing.py", "bent", "received_at <= clock", "received_at < clock")
same = Mutant("quizzes/rules/timing.py", "same", "received_at <= clock", "not received_at > clock")
for mutant, verdict in judge([bent, same]):
    print(mutant.name, verdict.is_killed)
"""


def run(*command):
    return subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)


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


def test_a_sample_of_the_mutants_is_killed():
    done = run("tests/mutants.py", "--every", "16", "--jobs", "1")
    assert (done.returncode, done.stdout.count("ALIVE")) == (0, 0), done.stdout


def test_a_change_that_bends_nothing_is_seen_to_survive():
    assert run("-c", HARMLESS).stdout.splitlines() == ["bent True", "same False"]
