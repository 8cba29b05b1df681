"""Put the questions of a text in another order, or one of them into another text. Each keeps its lines and comments."""

from collections.abc import Sequence

from authoring.folder.arranging import Rewritten, UnwritableText
from authoring.folder.document import read_document
from authoring.folder.files import Files
from authoring.folder.moving import relinked
from authoring.folder.question_writing import QuestionRow, question_rows
from authoring.folder.sections import is_pool
from authoring.folder.writing import with_value


class LastQuestion(ValueError):
    """The only question of a text, which needs at least one."""


def question_keys(text: str) -> list[str]:
    """Return the ids of the questions that a text lists, in order."""
    return [str(row.get("id")) for row in question_rows(text) or ()]


def with_questions_in_order(files: Files, path: str, keys: Sequence[str]) -> Rewritten:
    """Return the text at `path` with its questions in this order. Raises UnwritableText, KeyError for other questions."""
    text = files[path].decode()
    entries = _entries(path, text)
    if sorted(entries) != sorted(keys):
        raise KeyError(path)
    return {path: _joined(path, [entries[key] for key in keys], list(keys))}


def without_question_named(files: Files, path: str, key: str) -> Rewritten:
    """Return the text at `path` without a question. Raises UnwritableText, LastQuestion, KeyError."""
    entries = _entries(path, files[path].decode())
    del entries[key]
    if not entries:
        raise LastQuestion(path)
    return {path: _joined(path, list(entries.values()), list(entries))}


def with_question_in(files: Files, path: str, key: str, target: str, objective: str = "") -> Rewritten:
    """Return both texts after a question has gone from `path` to the end of `target`, which keeps its id.

    With `objective`, it is about this one from then on. In a pool, it names no section that teaches it. Raises
    UnwritableText, LastQuestion, KeyError.
    """
    left = without_question_named(files, path, key)
    entry = _entry_for(files, path, key, target)
    values = ({"objective": objective} if objective else {}) | ({"taught_in": None} if is_pool(target) else {})
    for name, value in values.items():
        made = with_value(entry, (0, name), value)
        if made is None:
            raise UnwritableText(path)
        entry = made
    before = files[target].decode()
    made = f"{before.rstrip()}\n\n{entry}"
    if question_keys(made) != [*question_keys(before), key]:
        raise UnwritableText(target)
    return {**left, target: made}


def copied_question(files: Files, path: str, key: str, target: str) -> QuestionRow:
    """Return what a question of the text at `path` says, with the names of files as `target` writes them.

    Raises UnwritableText, KeyError.
    """
    (row,) = question_rows(_entry_for(files, path, key, target)) or ({},)
    return {name: value for name, value in row.items() if name != "taught_in" or not is_pool(target)}


def _entry_for(files: Files, path: str, key: str, target: str) -> str:
    """Return the lines of a question, whose names of files lead from `target` to the same files."""
    entry = relinked(files, _entries(path, files[path].decode())[key].strip("\n"), path, target) + "\n"
    return relinked_program(files, entry, path, target)


def relinked_program(files: Files, entry: str, path: str, target: str) -> str:
    """Return a question whose `computed` names the same program from another text."""
    row = (question_rows(entry) or [{}])[0]
    program, colon, function = str(row.get("computed", "")).partition(":")
    link = relinked(files, f"]({program}", path, target).removeprefix("](") if colon else program
    return entry if link == program else with_value(entry, (0, "computed"), f"{link}:{function}") or entry


def _entries(path: str, text: str) -> dict[str, str]:
    """Return the lines of each question, with the comments above it, by its id."""
    rows, document = question_rows(text), read_document(text)
    if not rows or document.faults or text.lstrip().startswith("["):
        raise UnwritableText(path)
    lines = text.splitlines(keepends=True)
    starts = [first_line(lines, document.line((index,)) - 1) for index in range(len(rows))]
    bounds = [0, *starts[1:], len(lines)]
    entries = {str(row.get("id")): "".join(lines[bounds[at] : bounds[at + 1]]) for at, row in enumerate(rows)}
    if len(entries) != len(rows):
        raise UnwritableText(path)
    return entries


def first_line(lines: Sequence[str], at: int) -> int:
    """Return the line at which a question begins: that of the comments directly above it."""
    while at > 0 and lines[at - 1].lstrip().startswith("#"):
        at -= 1
    return at


def _joined(path: str, entries: Sequence[str], keys: list[str]) -> str:
    """Return the questions below each other, with one empty line between them."""
    made = "\n".join(entry.strip("\n") + "\n" for entry in entries)
    if question_keys(made) != keys:
        raise UnwritableText(path)
    return made
