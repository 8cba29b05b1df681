"""A migration means the same forever, so it imports no code of the product that may change or move."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.laws.test_source import PACKAGES, ROOT

FROZEN = re.compile(r"\w+\.migrations\._\w+")  # modules beside the migrations, which never change
OPERATIONS = {"foundation.unused", "foundation.widening"}  # what migrations are made of, like Django's own


def imported(source: str) -> Iterator[str]:
    """Yield the modules of the product that this source imports, anywhere in it, without those that it may."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{'.' * node.level}{node.module or ''}"]
        else:
            continue
        ours = [name for name in names if name.partition(".")[0] in ("", *PACKAGES)]
        yield from (name for name in ours if name not in OPERATIONS and not FROZEN.fullmatch(name))


def test_migrations_import_nothing_of_the_product_that_may_move():
    files = [file for package in PACKAGES for file in (ROOT / package).glob("migrations/*.py")]
    assert {file.parent.parent.name for file in files} == {"course", "grading", "labs", "practice", "quizzes"}
    assert [f"{file.relative_to(ROOT)}: {name}" for file in files for name in imported(file.read_text())] == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import foundation.ids", ["foundation.ids"]),
        ("from course.models import Course", ["course.models"]),
        ("def forwards(apps, editor):\n    from quizzes.services import settle", ["quizzes.services"]),
        ("from . import texts", ["."]),
        ("from ..models import Course", ["..models"]),
        ("from course.migrations import texts", ["course.migrations"]),
        ("from course.migrations._guards import guard", []),
        ("from foundation.unused import StopUsing", []),
        ("from django.db import migrations", []),
    ],
)
def test_an_import_of_the_product_in_a_migration_is_found(line, found):
    assert list(imported(line)) == found
