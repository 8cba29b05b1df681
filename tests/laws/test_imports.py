"""Every import law holds, and catches a deliberate violation in a copy of the tree."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LAWS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
(
    ONE_WAY,
    PORTAL,
    INSIDE,
    FOUNDATION,
    FAST,
    PURE,
    TENSORS,
    STANDALONE,
    COURSE_MODELS,
    ACCOUNT_MODELS,
    RECORDS,
    LESSON_MODELS,
    GRADING_MODELS,
    SETTLED,
) = (law["name"] for law in LAWS["contracts"])
# Covered by the purity law, or too small to import anything, so the law about TensorFlow need not name them.
UNNAMED_IN_LABS = {"labs.runner", "labs.rules", "labs.apps", "labs.migrations"}

VIOLATIONS = [
    (ONE_WAY, "course/apps.py", "import grading.apps"),
    (ONE_WAY, "accounts/apps.py", "import course.models"),
    (ONE_WAY, "mail/apps.py", "import records.services"),
    (ONE_WAY, "records/apps.py", "import course.models"),
    (ONE_WAY, "grading/apps.py", "import quizzes.apps"),
    (ONE_WAY, "quizzes/apps.py", "import labs.apps"),
    (ONE_WAY, "labs/apps.py", "import portal.pages.urls"),
    (ONE_WAY, "portal/rights/urls.py", "import operations.services"),
    (ONE_WAY, "foundation/ids.py", "import course.models"),
    (ONE_WAY, "announcements/apps.py", "import portal.refusals"),
    (ONE_WAY, "quizzes/apps.py", "import announcements.refusals"),
    (ONE_WAY, "authoring/apps.py", "import announcements.models"),
    (PORTAL, "portal/pages/views/home.py", "import portal.workplace.second_factor"),
    (PORTAL, "portal/api/selectors.py", "import portal.pages.selectors"),
    (PORTAL, "portal/allowances/selectors/activity_dates.py", "import portal.rights.services"),
    (PORTAL, "portal/shared.py", ""),
    (INSIDE, "course/models/__init__.py", "import course.services"),
    (INSIDE, "quizzes/rules/scoring.py", "import quizzes.models"),
    (INSIDE, "people/selectors/people.py", "import people.access"),
    (INSIDE, "labs/refusals.py", "import labs.rules"),
    (INSIDE, "accounts/services/__init__.py", "import accounts.adapters"),
    (INSIDE, "quizzes/templatetags/answering.py", "import quizzes.pages.review"),
    (INSIDE, "authoring/rules/passages.py", "import authoring.forms.settings"),
    (INSIDE, "course/utils.py", ""),
    (INSIDE, "portal/workplace/helpers.py", ""),
    (FOUNDATION, "foundation/refusals.py", "import foundation.frame.endpoint"),
    (FOUNDATION, "foundation/common.py", ""),
    (FOUNDATION, "foundation/fast/prepared.py", "import foundation.refusals"),
    (FAST, "foundation/fast/prepared.py", "import foundation.fast.keeping"),
    (FAST, "foundation/fast/helpers.py", ""),
    (PURE, "questions/rules/attempts.py", "import django.utils.timezone"),
    (PURE, "grading/rules/planted.py", "import rest_framework"),
    (PURE, "course/markup/dialect.py", "import django.utils.html"),
    (PURE, "people/rules/spreadsheets.py", "import django.conf"),
    (PURE, "questions/types/numeric/marking.py", "import celery"),
    (TENSORS, "portal/pages/urls.py", "import tensorflow"),
    (TENSORS, "labs/models.py", "import labs.runner.planted"),
    (STANDALONE, "labs/runner/planted.py", "import django"),
    (STANDALONE, "labs/runner/planted.py", "import course.rules"),
    (COURSE_MODELS, "portal/pages/urls.py", "from course import models"),
    (COURSE_MODELS, "quizzes/apps.py", "from course.models import Course"),
    (ACCOUNT_MODELS, "grading/apps.py", "from accounts.models import User"),
    (ACCOUNT_MODELS, "portal/pages/urls.py", "import mail.models"),
    (ONE_WAY, "course/apps.py", "import people.models"),
    (ONE_WAY, "people/apps.py", "import lessons.models"),
    (ONE_WAY, "activities/registry.py", "import grading.services"),
    (ONE_WAY, "people/apps.py", "import activities.registry"),
    (LESSON_MODELS, "grading/apps.py", "import lessons.models"),
    (RECORDS, "mail/apps.py", "import records.models"),
    (RECORDS, "quizzes/apps.py", "from records.models import Seal"),
    (GRADING_MODELS, "portal/pages/urls.py", "import grading.models"),
    (SETTLED, "portal/pages/urls.py", "from grading.selectors.grades import course_grade"),
    (SETTLED, "portal/workplace/views/dashboard.py", "from grading.selectors import rows"),
    (SETTLED, "quizzes/selectors/overview.py", "import grading.selectors.sorting"),
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the packages' modules for tests to break."""
    for package in LAWS["root_packages"]:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=only_python)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "labs" / "runner" / "planted.py").touch()
    return tmp_path


def only_python(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if not name.endswith(".py") and not (Path(folder) / name).is_dir()}


def broken_laws(folder: Path) -> set[str]:
    """Return the names of the laws that the tree in `folder` breaks, from a linter process that has imported nothing of ours."""
    check = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"
    command = (sys.executable, "-c", check)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={"COLUMNS": "300"})
    broken = set(re.findall(r"^(.+) BROKEN", done.stdout, re.MULTILINE))
    assert re.search(rf"Contracts: \d+ kept, {len(broken)} broken", done.stdout), done.stdout + done.stderr
    return broken


def test_the_tree_breaks_no_law(tree):
    assert broken_laws(tree) == set()


@pytest.mark.parametrize(("law", "module", "line"), VIOLATIONS, ids=lambda part: part[:40])
def test_a_deliberate_violation_is_caught_by_its_law(tree, law, module, line):
    with (tree / module).open("a") as file:
        file.write(f"\n{line}\n")
    assert law in broken_laws(tree)


def test_every_law_has_a_violation():
    assert {law for law, _, _ in VIOLATIONS} == {law["name"] for law in LAWS["contracts"]}


def test_the_law_about_tensorflow_names_every_module_of_labs():
    children = {f"labs.{path.stem}" for path in (ROOT / "labs").iterdir() if is_module(path)}
    named = set(next(law for law in LAWS["contracts"] if law["name"] == TENSORS)["source_modules"])
    assert children - UNNAMED_IN_LABS == {name for name in named if name.startswith("labs.")}


def is_module(path: Path) -> bool:
    return (path / "__init__.py").exists() or (path.suffix == ".py" and path.stem != "__init__")
