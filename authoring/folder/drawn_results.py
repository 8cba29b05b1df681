"""Read what the functions of a question returned. Nothing is run: stored results count only if the code is still the same."""

import ast
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from authoring.folder.files import resolve
from authoring.folder.reading import FolderReading
from authoring.folder.shapes import Report
from authoring.folder.value_functions import FunctionQuestion, ValueFunction, names_function
from questions.variants import ExpressionFault, StoredKeys, draws_by_name, read_json, read_keys, read_rows

LARGEST_RESULTS = 1_000_000  # bytes of one question
RUN_FIRST = "run `manage.py course run-variants`"


class _Unusable(Exception):
    """What is wrong with a function or its results, as the end of a sentence about it."""


def with_stored_values(
    reading: FolderReading, path: str, line: int, source: Mapping[str, Any], report: Report
) -> Mapping[str, Any] | None:
    """Return a question with what its functions returned in place of their names, or None after reporting what is wrong."""
    named = {field: source[field] for field in ("draw", "check") if names_function(source.get(field))}
    if not named:
        return source
    functions: dict[str, ValueFunction | None] = {"draw": None, "check": None}
    for field, written in named.items():
        try:
            functions[field] = _function(reading, path, written.strip())
        except _Unusable as problem:
            report((field,), f"{problem}")
            return None
    question = FunctionQuestion(str(source.get("id")), path, line, source, functions["draw"], functions["check"])
    reading.functions.append(question)
    try:
        return {**source, **_stored(reading, question)}
    except _Unusable as problem:
        report((next(iter(named)),), f"{problem}")
        return None


def _function(reading: FolderReading, path: str, written: str) -> ValueFunction:
    file, _, name = written.partition(":")
    target = resolve(file, path.rpartition("/")[0])
    reading.used.add(target)
    if target not in reading.files:
        raise _Unusable(f"the file “{file}” does not exist.")
    code = reading.text(target)
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        raise _Unusable(f"“{file}” is not Python: {error.msg} (line {error.lineno}).") from None
    except (ValueError, RecursionError, MemoryError):
        raise _Unusable(f"“{file}” is not Python that can be read.") from None
    named = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    if not named:
        raise _Unusable(f"“{file}” has no function “{name}”.")
    if not _takes_one(named[-1].args):
        raise _Unusable(f"“{name}” must take one argument: a seed if it draws, or the drawn values if it checks.")
    return ValueFunction(target, name, code)


def _takes_one(arguments: ast.arguments) -> bool:
    in_order = len(arguments.posonlyargs) + len(arguments.args)
    needed = in_order - len(arguments.defaults)
    return needed <= 1 <= in_order and not any(default is None for default in arguments.kw_defaults)


def _stored(reading: FolderReading, question: FunctionQuestion) -> dict[str, object]:
    """Return the stored values and keys in the form of `draw` and `check`. Raises _Unusable."""
    path = question.results_path
    if path not in reading.files:
        raise _Unusable(f"what the function returns is not stored yet: {RUN_FIRST}.")
    reading.used.add(path)
    if len(reading.files[path]) > LARGEST_RESULTS:
        raise _Unusable(
            f"the stored results have more than {LARGEST_RESULTS // 1000:,} kB: draw fewer or shorter values."
        )
    try:
        data = read_json(reading.files[path].decode(errors="replace"))
    except ExpressionFault as fault:
        raise _Unusable(f"{path}: {fault.message}. To replace it, {RUN_FIRST}.") from None
    results: dict[str, object] = {}
    if question.draw:
        results["draw"] = _section(data, "draw", question, question.draw, _draws)
    if question.check:
        results["check"] = _section(data, "check", question, question.check, _keys)
    return results


def _draws(section: Mapping[str, Any]) -> object:
    return draws_by_name(read_rows(section.get("values")))


def _keys(section: Mapping[str, Any]) -> object:
    return StoredKeys(sha256(repr(section).encode()).hexdigest(), read_keys(section.get("keys")))


def _section(
    data: object,
    field: str,
    question: FunctionQuestion,
    function: ValueFunction,
    read: Callable[[Mapping[str, Any]], object],
) -> object:
    section = data.get(field) if isinstance(data, dict) else None
    if not isinstance(section, dict):
        raise _Unusable(f"what “{function.name}” returns is not stored yet: {RUN_FIRST}.")
    if section.get("code") != function.digest(question.key):
        raise _Unusable(f"“{function.name}” has changed since its results were stored: {RUN_FIRST}.")
    try:
        return read(section)
    except ExpressionFault as fault:
        raise _Unusable(f"{question.results_path}: {fault.message}. To replace it, {RUN_FIRST}.") from None
