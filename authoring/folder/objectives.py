"""The objectives of a section: what each says, what names it, and the text of the section with other ones."""

from collections.abc import Mapping, Sequence

from authoring.folder.arranging import Rewritten, UnwritableText, as_word, free_key
from authoring.folder.document import read_document
from authoring.folder.files import Files
from authoring.folder.labs import is_lab_head
from authoring.folder.moving import objectives_named
from authoring.folder.ordering import SECTION_HEAD
from authoring.folder.question_moving import first_line
from authoring.folder.question_writing import question_rows
from authoring.folder.sections import holds_questions, name_in_file
from authoring.folder.settings import differences
from authoring.folder.writing import value_at, with_rows, with_value

NAME = "objectives"
LONGEST_WORD = 40  # of a new id, which is made of the first words of a text


def objectives_in(text: str) -> dict[str, str]:
    """Return what the objectives that a module.yaml lists say, by id, in order."""
    rows = value_at(read_document(text).data, (NAME,))
    listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {str(row.get("id")): str(row.get("text") or "") for row in listed}


def new_objective_key(files: Files, text: str, used_before: set[str]) -> str:
    """Return an id for a new objective that says this, and that no objective of the course has or had."""
    heads = [content for path, content in files.items() if path.endswith(f"/{SECTION_HEAD}")]
    listed = {key for content in heads for key in objectives_in(content.decode(errors="replace"))}
    return free_key(as_word(text)[:LONGEST_WORD], listed | used_before)


def uses_of_objective(files: Files, key: str) -> list[str]:
    """Return what names an objective: the paths of lessons, labs and exams, and each question with its path."""
    named = key.encode()
    texts = {path: content.decode(errors="replace") for path, content in sorted(files.items()) if named in content}
    return [use for path, text in texts.items() for use in _uses_in(path, text, key)]


def _uses_in(path: str, text: str, key: str) -> list[str]:
    if holds_questions(path):
        return [f"{row.get('id')} ({path})" for row in question_rows(text) or () if row.get("objective") == key]
    if path.endswith(".md") or is_lab_head(path):
        return [path] if key in objectives_named(path, text) else []
    if name_in_file(path, "exam") is None:
        return []
    data = read_document(text).data
    lists = [value_at(data, keys) for keys in (("practice",), (NAME, "always"))]
    return [path] if any(key in listed for listed in lists if isinstance(listed, list)) else []


def objectives_written(files: Files, folder: str, wanted: Mapping[str, str]) -> Rewritten:
    """Return the module.yaml that lists these objectives in order: what each says, by id. Comments stay with their lines.

    Raises UnwritableText, KeyError for an unknown section.
    """
    path = f"{folder}/{SECTION_HEAD}"
    made = _listing(files[path].decode(errors="replace"), wanted)
    if made is None:
        raise UnwritableText(path)
    return {path: made}


def _listing(text: str, wanted: Mapping[str, str]) -> str | None:
    rows = [{"id": key, "text": words} for key, words in wanted.items()]
    if not objectives_in(text):
        return with_rows(text, NAME, rows)
    ordered = _with_lines_in_order(text, list(wanted))
    for at, value in differences(value_at(read_document(ordered).data, (NAME,)), rows, (NAME,)):
        made = with_value(ordered, at, value)
        if made is None:
            return None
        ordered = made
    return ordered


def _with_lines_in_order(text: str, keys: Sequence[str]) -> str:
    """Return a text in which the lines of these objectives come in this order, and those of others last.

    Lines that cannot be moved, such as a list on one line, stay as they are.
    """
    document, now = read_document(text), list(objectives_in(text))
    order = sorted(now, key=lambda key: keys.index(key) if key in keys else len(keys))
    if order == now:
        return text
    lines = text.splitlines(keepends=True)
    heads = [document.line((NAME, index)) - 1 for index in range(len(now))]
    after = (at for at in range(heads[-1] + 1, len(lines)) if not lines[at].startswith((" ", "\t")))
    bounds = [*(first_line(lines, at) for at in heads), next(after, len(lines))]
    entries = {key: "".join(lines[bounds[at] : bounds[at + 1]]).rstrip("\n") + "\n" for at, key in enumerate(now)}
    made = "".join([*lines[: bounds[0]], *(entries[key] for key in order), *lines[bounds[-1] :]])
    moved = read_document(made)
    texts = objectives_in(text)
    is_same = not moved.faults and list(objectives_in(made).items()) == [(key, texts[key]) for key in order]
    return made if is_same and {**moved.data, NAME: 0} == {**document.data, NAME: 0} else text
