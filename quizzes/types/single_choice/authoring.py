"""`options: [{text, right, why}]` with exactly one right."""

from collections.abc import Callable

from quizzes.types.authored import Authored, Source
from quizzes.types.options import FIELDS, compile_options

__all__ = ["FIELDS", "compile"]


def compile(source: Source, render: Callable[[str], str]) -> Authored:
    return compile_options(source, render, refuse_count=_refuse_count)


def _refuse_count(right: int) -> str | None:
    return None if right == 1 else f"needs exactly one right option, not {right}"
