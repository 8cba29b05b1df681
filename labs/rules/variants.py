"""Read a lab's variants: right solutions that must pass, and wrong ones that must fail.

    # %% right: a matrix product in NumPy
    def up(v, weights, hidden): …

    # %% wrong: the biases are missing
    # fails: Up: the probabilities of the hidden units
    def up(v, weights, hidden): …

A variant is the model solution in which these definitions replace those of the same names.
"""

import ast
import re
from dataclasses import dataclass

HEAD = re.compile(r"^# %% (right|wrong): (.+)$", re.MULTILINE)
FAILS = re.compile(r"^# fails: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Variant:
    """Definitions that replace those of the model solution. `fails` names the tests that must fail; it is empty for a right variant."""

    name: str
    fails: tuple[str, ...]
    source: str

    def solution(self, model: str) -> str:
        """Return the model solution with this variant's definitions.

        Raises ValueError with a sentence if a definition is missing in the model solution, or if one of the two is not Python.
        """
        own, lines = _defined(f"“{self.name}”", self.source), model.splitlines()
        replaceable = _defined("the model solution", model)
        unknown = [name for name in own if name not in replaceable]
        if unknown or not own:
            raise ValueError(f"“{self.name}” defines {', '.join(unknown) or 'nothing'}, unlike the model solution")
        texts = self.source.splitlines()
        for name in sorted(own, key=lambda definition: replaceable[definition][0], reverse=True):
            (first, last), (begin, end) = replaceable[name], own[name]
            lines[first - 1 : last] = texts[begin - 1 : end]
        return "\n".join(lines) + "\n"


def read_variants(text: str) -> list[Variant]:
    """Return the variants in order. Raises ValueError with a sentence about the first mistake."""
    heads = list(HEAD.finditer(text))
    ends = [*(head.start() for head in heads), len(text)][1:]
    return [_variant(head[1], head[2].strip(), text[head.end() : end]) for head, end in zip(heads, ends, strict=False)]


def _variant(kind: str, name: str, source: str) -> Variant:
    fails = tuple(match.strip() for match in FAILS.findall(source))
    if (kind == "wrong") != bool(fails):
        raise ValueError(
            f"“{name}” is {kind}, so it needs {'a line' if kind == 'wrong' else 'no line'} “# fails: TEST”"
        )
    return Variant(name, fails, source)


def _defined(name: str, source: str) -> dict[str, tuple[int, int]]:
    try:
        return defined(source)
    except SyntaxError as error:
        raise ValueError(f"{name} is not Python: {error.msg}") from None


def defined(source: str) -> dict[str, tuple[int, int]]:
    """Return the first and last line of each function, class and variable that the code defines at the top level."""
    definitions = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            definitions[node.name] = (first, node.end_lineno or first)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            definitions[node.targets[0].id] = (node.lineno, node.end_lineno or node.lineno)
    return definitions
