"""Grades are read only after settling: `SettledGrades` gives grades out, and only `settle_grades` makes one."""

import ast
from pathlib import Path

import pytest

from tests.laws.test_source import ROOT, modules

MAKER = "grading/services/settling.py"
SETTLED = "SettledGrades"


def makers_in(text: str) -> bool:
    """Return whether the text calls SettledGrades, by its name or as an attribute."""
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return any(
        (isinstance(call.func, ast.Name) and call.func.id == SETTLED)
        or (isinstance(call.func, ast.Attribute) and call.func.attr == SETTLED)
        for call in calls
    )


def renames(text: str) -> bool:
    """Return whether the text gives SettledGrades another name, under which a call would go unnoticed."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.alias) and node.name == SETTLED and node.asname not in {None, SETTLED}:
            return True
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id == SETTLED:
            return True
    return False


def offenders(files: list[Path], root: Path = ROOT) -> list[str]:
    paths = [(file.relative_to(root).as_posix(), file.read_text()) for file in files]
    return [path for path, text in paths if path != MAKER and (makers_in(text) or renames(text))]


def test_only_the_service_that_settles_gives_out_grades():
    assert offenders(modules()) == []
    assert makers_in((ROOT / MAKER).read_text())


@pytest.mark.parametrize(
    "text",
    [
        "from grading.selectors import SettledGrades\nSettledGrades(1, 2)",
        "import grading.selectors\ngrading.selectors.SettledGrades(None, None)",
        "from grading.selectors import SettledGrades as Grades\nGrades(None, None)",
        "from grading.selectors import SettledGrades\nMake = SettledGrades\nMake(1, 2)",
    ],
)
def test_reading_unsettled_grades_is_detected(tmp_path, text):
    planted = tmp_path / "planted.py"
    planted.write_text(text)
    assert offenders([planted], tmp_path) == ["planted.py"]
