"""`computed: path.py:function` names code whose result the tests compare with a key. Nothing is run here."""

import ast

from authoring.folder.files import resolve
from authoring.folder.reading import FolderReading


def wrong_computed(reading: FolderReading, path: str, written: str) -> str:
    """Return what is wrong with such a name in the file at `path`, or ""."""
    file, _, function = written.partition(":")
    target = resolve(file, path.rpartition("/")[0])
    reading.used.add(target)
    if target not in reading.files:
        return f"the file “{file}” does not exist."
    try:
        tree = ast.parse(reading.text(target))
    except SyntaxError as error:
        return f"“{file}” is not Python: {error.msg} (line {error.lineno})."
    named = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function]
    if not named:
        return f"“{file}” has no function “{function}”."
    return "" if not _needs_arguments(named[0]) else f"“{function}” must be callable without arguments."


def _needs_arguments(function: ast.FunctionDef) -> bool:
    arguments = function.args
    return len(arguments.posonlyargs) + len(arguments.args) > len(arguments.defaults)
