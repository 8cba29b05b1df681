"""Rules and marking are pure: they run without Django."""

import json
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FRAMEWORKS = {"django", "rest_framework", "celery", "tensorflow", "numpy"}
# Rendering text is a rule too. It needs the libraries it is built on, but no framework.
PROGRAM = """
import json, sys
from importlib import import_module
for name in json.loads(sys.argv[1]):
    import_module(name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def rule_modules():
    packages = ["course.rules", "grading.rules", "quizzes.rules"]
    for package in packages:
        folder = ROOT / package.replace(".", "/")
        yield from (f"{package}.{found.name}" for found in pkgutil.iter_modules([str(folder)]))


def marking_modules():
    folder = ROOT / "questions" / "types"
    for found in pkgutil.iter_modules([str(folder)]):
        if found.ispkg:
            yield from (f"questions.types.{found.name}.{part}" for part in ("marking", "authoring"))


def imported_by(modules):
    """Return the top-level names of everything that importing `modules` imports, in a fresh process."""
    command = [sys.executable, "-c", PROGRAM, json.dumps(sorted(modules))]
    return set(json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout))


@pytest.mark.parametrize(("found", "least"), [(rule_modules, 12), (marking_modules, 16)])
def test_importing_them_imports_no_framework(found, least):
    modules = list(found())
    assert len(modules) >= least
    assert imported_by(modules) & FRAMEWORKS == set()


def test_an_import_of_django_would_be_seen():
    assert imported_by(["questions.types.numeric.presentation"]) & FRAMEWORKS == {"django"}


def test_no_test_of_the_rules_imports_a_framework():
    imports = re.compile(r"^\s*(?:from|import) (\w+)", re.MULTILINE)
    texts = [path.read_text() for path in Path(__file__).parent.glob("test_*.py")]
    assert {name for text in texts for name in imports.findall(text)} & FRAMEWORKS == set()
