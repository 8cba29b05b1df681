"""Each adversarial case of the rules and of labs has a test with a name."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CASES = tomllib.loads(Path(__file__).with_name("adversaries.toml").read_text())
NAMED = re.compile(r"(?P<file>[\w/.]+)::(?P<test>\w+)(\[(?P<part>.+)\])?")
# Where the parts of a table are, if not in the file of the test
TABLES = {
    "tests/runner/test_attacks.py": "labs/runner/sandbox/attacks/*.py",
    "tests/runner/test_judging.py": "tests/runner/judge/cheats/*",
}


def is_there(named: str) -> bool:
    found = NAMED.fullmatch(named)
    assert found, named
    file, part = ROOT / found["file"], found["part"] or ""
    text = file.read_text() if file.is_file() else ""
    tables = [each.name + each.read_text() for each in ROOT.glob(TABLES.get(found["file"], found["file"]))]
    return f"def {found['test']}(" in text and (not part or any(part in table for table in tables))


@pytest.mark.parametrize("chapter", CASES)
def test_every_case_names_tests_that_exist(chapter):
    assert [(case, named) for case, tests in CASES[chapter].items() for named in tests if not is_there(named)] == []
    assert [case for case, tests in CASES[chapter].items() if not tests] == []


def test_a_test_or_a_part_that_does_not_exist_is_noticed():
    test = "tests/runner/test_attacks.py::test_the_attack_gains_nothing"
    assert is_there(f"{test}[fork_a_process]")
    assert not is_there(f"{test}[fork_a_moon]")
    assert not is_there(f"{test}s")
    assert not is_there("tests/runner/test_moons.py::test_the_attack_gains_nothing")
