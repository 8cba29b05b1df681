"""The mistakes in mistakes.toml: those that somebody could make and that `changing.py` cannot, each by the promise it breaks."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.mutation.changing import Mutant, Place, place_inside

ROOT = Path(__file__).resolve().parent.parent.parent
LISTED = "mistakes by hand"  # in place of a package, in the scores


def listed_mutants() -> Iterator[Mutant]:
    """Yield each mistake of mistakes.toml."""
    for file, changes in tomllib.loads(Path(__file__).with_name("mistakes.toml").read_text()).items():
        source = (ROOT / file).read_text()
        for name, (original, mistaken) in changes.items():
            yield listed_mutant(file, name, source, original, mistaken)


def listed_mutant(file: str, name: str, source: str, original: str, mistaken: str) -> Mutant:
    """Return the module with `mistaken` in place of `original`, which must occur exactly once."""
    if source.count(original) != 1 or original == mistaken:
        raise ValueError(f"{file}, {name}: “{original}” must occur once, and be changed")
    first = source[: source.index(original)].count("\n") + 1
    last = first + original.rstrip("\n").count("\n")
    place = innermost_place(ast.parse(source), first, last)
    lines = range(place.statement.lineno if place.statement else first, last + 1)
    code = compile(source.replace(original, mistaken), file, "exec", dont_inherit=True)
    return Mutant(LISTED, file, name, lines, place.function, code)


def innermost_place(tree: ast.Module, first: int, last: int) -> Place:
    """Return the place of the smallest statement that has these lines. A signature is outside its function."""
    found = Place()
    for place in places_below(tree, Place()):
        node = place.statement
        assert node is not None
        if not (node.lineno <= first and last <= (node.end_lineno or 0)):
            continue
        found = place
        if isinstance(node, ast.FunctionDef) and first >= node.body[0].lineno:
            inside = place_inside(node, "body", node.body[0], place)
            found = replace(inside, statement=None)  # several statements of the body
    return found


def places_below(node: ast.AST, place: Place) -> Iterator[Place]:
    """Yield the place of each statement, outer ones first."""
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                inner = place_inside(node, field, child, place)
                if isinstance(child, ast.stmt):
                    yield inner
                yield from places_below(child, inner)
