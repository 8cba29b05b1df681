"""Names say what a thing is: the words that nouns replaced stay out of new code."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.laws.test_source import PACKAGES, ROOT

REPLACED = {"found", "said", "told", "each", "facts", "place"}
IN_COMPOUNDS = REPLACED - {"found", "place"}  # `is_found` and `place_id` have a meaning
FOLDERS = (*PACKAGES, "bench", "clients", "ops")
RELEASED = ROOT / "labs/runner/data/loaders.py"  # the wheel that learners have holds the same bytes


def python_files(root: Path = ROOT) -> list[Path]:
    files = (file for folder in FOLDERS for file in sorted((root / folder).rglob("*.py")))
    return [file for file in files if "migrations" not in file.parts and file != RELEASED]


def is_replaced(name: str) -> bool:
    return name.lower() in REPLACED or bool(IN_COMPOUNDS & set(name.lower().split("_")))


def is_known_outside(statement: ast.stmt) -> bool:
    """Return whether a statement of a class declares a column of a table or a field of the API, which cannot be renamed."""
    called = getattr(getattr(statement, "value", None), "func", None)
    return isinstance(called, ast.Attribute) and ast.unparse(called.value) in {"models", "serializers"}


def kept_names(tree: ast.Module) -> set[ast.AST]:
    """Return the names of columns and of fields of the API."""
    kept: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            is_shape = any(ast.unparse(base) == "TypedDict" for base in node.bases)
            declared = [statement for statement in node.body if is_shape or is_known_outside(statement)]
            kept.update(name for statement in declared for name in ast.walk(statement))
    return kept


def bindings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of each variable, argument, function and class."""
    kept = kept_names(tree)
    for node in ast.walk(tree):
        if node in kept:
            continue
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.alias(asname=str(name)):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield node.lineno, name


def replaced_names(files: list[Path], root: Path = ROOT) -> list[str]:
    """Return each binding with one of the words: its room, file, line and name."""
    return [
        f"{path.parts[0]}: {path}:{line}: {name}"
        for file in files
        for path in [file.relative_to(root)]
        for line, name in bindings(ast.parse(file.read_text()))
        if is_replaced(name)
    ]


def test_names_are_nouns_of_the_thing():
    assert replaced_names(python_files()) == []


SAMPLE = '''
class HelpRequest(models.Model):
    place = models.CharField()


class HelpOut(TypedDict):
    place: str


class Home:
    place: int


def listed(said, *, is_found=False, **more):
    for each in said:
        if found := each.place:
            yield found
    try:
        told_attempt = [place for place in said if place_id(place)]
    except Refusal as told:
        raise told from None
'''  # fmt: skip


def test_a_replaced_word_would_be_seen(tmp_path):
    (tmp_path / "accounts").mkdir()
    (tmp_path / "accounts" / "services.py").write_text(SAMPLE)
    names = ["place", "said", "each", "found", "told_attempt", "told", "place"]
    lines = [11, 14, 15, 16, 19, 20, 19]
    seen = replaced_names(python_files(tmp_path), tmp_path)
    expected = [f"accounts: accounts/services.py:{line}: {name}" for line, name in zip(lines, names, strict=True)]
    assert sorted(seen) == sorted(expected)
