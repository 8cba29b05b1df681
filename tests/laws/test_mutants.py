"""The mutants of the rules: how they are made and judged. The long runs judge all of them."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.mutation.__main__ import explanations, rules_in
from tests.mutation.changing import Place, changes_below, mutants_of, put
from tests.mutation.listed import listed_mutant, listed_mutants
from tests.rounds import second_round

pytestmark = second_round

ROOT = Path(__file__).resolve().parent.parent.parent
MISTAKES = tomllib.loads((ROOT / "tests/mutation/mistakes.toml").read_text())

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


def test_each_listed_mistake_is_one_change_that_compiles():
    assert len(list(listed_mutants())) == sum(map(len, MISTAKES.values()))


@pytest.mark.parametrize("original", ["part", "nothing", "100"])
def test_a_listed_mistake_that_does_not_fit_its_module_is_an_error(original):
    with pytest.raises(ValueError, match="must occur once"):
        listed_mutant("rule.py", "a mistake", RULE, original, "100")


@pytest.mark.parametrize(
    ("original", "mistaken", "lines", "function"),
    [
        ("LONGEST = 20", "LONGEST = 19", range(2, 3), None),
        ("whole: int = 100", "whole: int = 10", range(6, 7), None),
        ("part > LONGEST", "part > 19", range(9, 10), ("share", 5)),
        ("    found.sort()\n    return", "    return", range(12, 14), ("share", 5)),
    ],
)
def test_a_listed_mistake_is_judged_by_the_tests_that_reach_its_statement(original, mistaken, lines, function):
    mutant = listed_mutant("rule.py", "a mistake", RULE, original, mistaken)
    assert (mutant.lines, mutant.function) == (lines, function)


@pytest.mark.parametrize("file", MISTAKES)
def test_no_listed_mistake_is_one_that_a_program_makes(file):
    source, made = (ROOT / file).read_text(), set()
    tree = ast.parse(source)
    for owner, field, _, old, new in changes_below(tree, Place()) if file in rules_in([]) else ():
        put(owner, field, old, new)
        made.add(ast.unparse(tree))
        put(owner, field, new, old)
    changes = MISTAKES[file].items()
    assert [name for name, change in changes if ast.unparse(ast.parse(source.replace(*change))) in made] == []


def test_the_marking_of_every_type_has_mistakes():
    marking = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("questions/types/*/marking.py")}
    assert marking - MISTAKES.keys() == set()


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
    files = ("quizzes/rules/heartbeats.py", "grading/rules/counting.py", "questions/types/text/marking.py")
    tests = ("tests/rules/test_heartbeats.py", "tests/questions/test_marking.py")
    command = (sys.executable, "-m", "tests.mutation", *files, "--tests", *tests, "--jobs", "1")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    change = "grading/rules/counting.py survived: keeps_retired: return"
    listed = len(MISTAKES["questions/types/text/marking.py"])
    assert done.stdout.splitlines()[:-1] == [
        "grading/rules: 0 of 3 mutants noticed, 0.0 %",
        f"mistakes by hand: {listed} of {listed + 1} mutants noticed, {100 * listed / (listed + 1):.1f} %",
        "quizzes/rules: 33 of 33 mutants noticed, 100.0 %",
        "grading/rules/counting.py survived: D23 leaving out costs",
        f"{change} [reached > mean_without → None]",
        f"{change} reached [> → <=] mean_without",
        f"{change} reached [> → >=] mean_without",
        "grading/rules: fewer than 95 of 100 mutants are noticed",
        "mistakes by hand: fewer than 95 of 100 mutants are noticed",
    ], done.stderr
    assert done.returncode == 1


def test_every_explained_survivor_is_a_mutant():
    for file, explained in explanations().items():
        names = {mutant.name for mutant in mutants_of(file, (ROOT / file).read_text())}
        assert explained.keys() - names == set(), file
