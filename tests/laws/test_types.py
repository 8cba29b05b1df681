"""Any switches the type checker off, so few functions may have it in their signature."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAMS = {
    "product": (
        "config",
        "operations",
        "portal",
        "exchange",
        "announcements",
        "practice",
        "quizzes",
        "questions",
        "labs",
        "grading",
        "lessons",
        "activities",
        "authoring",
        "people",
        "course",
        "mail",
        "records",
        "accounts",
        "foundation",
        "clients",
    ),
    "runner": ("labs/runner",),  # a separate program, which handles whatever learners' code makes
}
MOST = {"product": 4.2, "runner": 3.7}  # percent of the functions; lower a bound whenever the share falls


def functions(program: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for file in sorted({file for folder in PROGRAMS[program] for file in (ROOT / folder).rglob("*.py")}):
        is_runner = "runner" in file.parts and "labs" in file.parts
        if "migrations" not in file.parts and is_runner == (program == "runner"):
            yield from functions_in(file.read_text())


def functions_in(text: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def takes_or_gives_any(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    parts = function.args
    arguments = [*parts.posonlyargs, *parts.args, *parts.kwonlyargs, parts.vararg, parts.kwarg]
    annotations = [*(each.annotation for each in arguments if each), function.returns]
    return any(says_any(annotation) for annotation in annotations if annotation)


def says_any(annotation: ast.expr) -> bool:
    for node in ast.walk(annotation):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name == "Any":
            return True
        if isinstance(node, ast.Constant) and isinstance(node.value, str):  # a type in quotes
            try:
                quoted = ast.parse(node.value, mode="eval").body
            except SyntaxError:
                continue
            if says_any(quoted):
                return True
    return False


@pytest.mark.parametrize("program", PROGRAMS)
def test_few_functions_have_any_in_their_signature(program):
    found = [takes_or_gives_any(function) for function in functions(program)]
    assert 100 * sum(found) / len(found) <= MOST[program]


@pytest.mark.parametrize(
    "text",
    [
        "def f(x: Any): ...",
        "def f() -> dict[str, Any]: ...",
        "async def f(*, x: 'list[Any]' = ()): ...",
        "class C:\n    def f(self, **options: typing.Any): ...",
    ],
)
def test_any_in_a_signature_would_be_seen(text):
    assert [takes_or_gives_any(function) for function in functions_in(text)] == [True]


def test_other_types_are_not_taken_for_any():
    text = "def f(x: object, y: 'Company', z: dict[str, int]) -> Literal['Any thing']: ..."
    assert [takes_or_gives_any(function) for function in functions_in(text)] == [False]
