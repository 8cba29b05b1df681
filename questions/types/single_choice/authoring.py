"""`options: [{text, right, why}]`, of which exactly one is right."""

from collections.abc import Callable

from questions.types.authored import Authored, QuestionSource
from questions.types.options import FIELDS, compile_options

__all__ = ["FIELDS", "compile"]


def compile(source: QuestionSource, render: Callable[[str], str]) -> Authored:
    return compile_options(source, render, refuse_count=_mistake_unless_one_right)


def _mistake_unless_one_right(right: int) -> str | None:
    return None if right == 1 else f"needs exactly one right option, not {right}"
