"""Rehearsals and test runs count for nothing (D46): whoever reads sittings gets graded ones, or asks for others by name."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.laws.test_source import ROOT, modules

# Modules that read sittings of every kind, and why.
READ_EVERY_KIND = {
    "quizzes/models/sittings.py": "declares the manager",
    "quizzes/selectors/ungraded.py": "the pages of rehearsals and test runs",
    "quizzes/services/ungraded.py": "starts and ends them",
    "quizzes/services/asked_questions.py": "answers in them",
    "quizzes/selectors/own_data.py": "the export of a person has all of their records",
    "quizzes/services/erasing.py": "an erasure blanks all of their texts",
    "quizzes/services/verification.py": "every attempt is marked right, whatever it counts for",
}
OF_SITTINGS = {"Attempt", "SittingQuestion"}
# Conditions that leave ungraded sittings out, or say of which sittings the rows are. Ungraded ones are void.
DECIDING = {"sitting", "sitting_id", "sitting__in", "sitting__is_void", "sitting__kind", "pk", "pk__in"}
WRITES = {"create", "bulk_create"}
# Reads without such a condition, and why.
EXCUSED = {
    "quizzes/selectors/response_matrix.py: question__in": "only which versions to load",
    "quizzes/selectors/sittings.py: **mine": "names the sitting",
    "quizzes/selectors/sittings.py: **mine, saved_at__isnull": "names the sitting",
    "quizzes/services/rescoring.py: question": "among graded sittings alone",
    "quizzes/services/verification.py: sitting__learner__in, version__variant__gt": "verifies the papers of every kind",
}


def readings(tree: ast.AST) -> Iterator[tuple[int, str, set[str]]]:
    """Yield each use of a manager of rows of sittings: its line, the method, and the conditions that it is given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_manager(node.func.value):
            names = {f"**{ast.unparse(word.value)}" if word.arg is None else word.arg for word in node.keywords}
            yield node.lineno, node.func.attr, names


def is_manager(node: ast.AST) -> bool:
    """Return whether a node is `Attempt.objects` or `SittingQuestion.objects`."""
    if not (isinstance(node, ast.Attribute) and node.attr == "objects"):
        return False
    return isinstance(node.value, ast.Name) and node.value.id in OF_SITTINGS


def undecided(files: list[Path], root: Path = ROOT) -> list[str]:
    """Return the reads of attempts and questions of sittings that may include those of rehearsals."""
    return [
        f"{file.relative_to(root)}: {', '.join(sorted(names)) or method}"
        for file in files
        for _line, method, names in readings(ast.parse(file.read_text()))
        if method not in WRITES and not names & DECIDING
    ]


def test_attempts_and_questions_are_read_of_sittings_whose_kind_is_decided():
    assert set(undecided(modules())) == EXCUSED.keys()


def test_sittings_of_every_kind_are_read_where_that_is_the_purpose():
    every = {file.relative_to(ROOT).as_posix() for file in modules() if "Sitting.every" in file.read_text()}
    assert every | {"quizzes/models/sittings.py"} == READ_EVERY_KIND.keys()


def test_attempts_are_counted_where_their_kind_is_decided():
    counts = [
        ast.unparse(node)
        for file in modules()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node).startswith("Count('attempts")
    ]
    assert counts
    assert [count for count in counts if "sitting__kind" not in count] == []


def test_a_read_that_would_count_rehearsals_would_be_seen(tmp_path):
    module = tmp_path / "selectors.py"
    module.write_text("rows = Attempt.objects.filter(question=1)\nrows = Attempt.objects.filter(sitting=1)\n")
    assert undecided([module], tmp_path) == ["selectors.py: question"]
