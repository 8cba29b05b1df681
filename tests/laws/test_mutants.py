"""The mutants of the rules: a sample of them on every run, all of them in the long runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants import MUTANTS
from tests.mutation.__main__ import explanations
from tests.mutation.changing import mutants_of
from tests.rounds import second_round

pytestmark = second_round

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLE = """
from tests.mutants import MUTANTS, Mutant, judge
same = Mutant("quizzes/rules/timing.py", "same", "received_at <= accepts_until", "not received_at > accepts_until")
for mutant, verdict in judge([same, *MUTANTS[::32]]):
    print("killed" if verdict.is_killed else f"alive: {mutant.name}")
"""

RULE = '''"""A module."""
LONGEST = 20


@lru_cache(maxsize=1)
def share(part: int, whole: int = 100) -> float | None:
    """Return a share."""
    assert whole, "never"
    if whole and part > LONGEST:
        raise Refusal(f"more than {LONGEST}")
    found = [each for each in (part, "a") if each]
    found.sort()
    return -part / whole
'''


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


def test_a_program_changes_whatever_decides_at_run_time():
    assert [mutant.name for mutant in mutants_of("rule.py", RULE)] == [
        "module: LONGEST = [20 → 21]",
        "module: def share(part: int, whole: [int=100 → int=101]) -> float | None:",
        "share: if whole [and → or] part > LONGEST:",
        "share: if [whole and part > LONGEST → not (whole and part > LONGEST)]:",
        "share: if whole and part [> → >=] LONGEST:",
        "share: if whole and part [> → <=] LONGEST:",
        "share: [raise Refusal(f'more than {LONGEST}') → pass]",
        "share: raise Refusal([f'more than {LONGEST}' → ''])",
        "share: found = [each for each in (part, ['a' → '']) if each]",
        "share: … = [each for each in (part, 'a') if [each → not each]]",
        "share: [found.sort() → pass]",
        "share: return [-part / whole → None]",
        "share: return -part [/ → *] whole",
        "share: return [-part → part] / whole",
    ]


def test_a_score_counts_what_the_tests_notice_and_names_the_rest():
    files = ("quizzes/rules/heartbeats.py", "grading/rules/counting.py")
    command = (
        sys.executable,
        "-m",
        "tests.mutation",
        *files,
        "--tests",
        "tests/rules/test_heartbeats.py",
        "--jobs",
        "1",
    )
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    change = "grading/rules/counting.py survived: keeps_retired: return"
    assert done.stdout.splitlines()[:-1] == [
        "grading/rules: 0 of 3 mutants noticed, 0.0 %",
        "quizzes/rules: 33 of 33 mutants noticed, 100.0 %",
        f"{change} [reached > mean_without → None]",
        f"{change} reached [> → <=] mean_without",
        f"{change} reached [> → >=] mean_without",
        "grading/rules: fewer than 95 of 100 mutants are noticed",
    ], done.stderr
    assert done.returncode == 1


def test_every_explained_survivor_is_a_mutant():
    for file, explained in explanations().items():
        names = {mutant.name for mutant in mutants_of(file, (ROOT / file).read_text())}
        assert explained.keys() - names == set(), file
