"""The files that change when an author moves a lesson or a lab to another module, or removes a part or a section."""

import posixpath
import re
from collections.abc import Iterable
from itertools import count

from authoring.folder.arranging import Rewritten, UnwritableText, course_tree, pools_of, with_front_value
from authoring.folder.document import read_document
from authoring.folder.files import Files, resolve
from authoring.folder.labs import DESCRIPTION
from authoring.folder.ordering import SECTION_HEAD
from authoring.folder.outputs import output_path
from authoring.folder.sections import name_in_file, review_place
from authoring.folder.writing import value_at, with_value

NAMED_FILE = re.compile(r"""(?<=\]\()[^)\s]+|(?<=\binteractive=")[^"]+""")  # a file that a text shows or links to


def without_part(files: Files, path: str) -> Rewritten:
    """Return what goes with a section or a part: also an exam's pools, and the settings of review questions.

    Raises UnwritableText, KeyError for an unknown part.
    """
    part = next((part for section in course_tree(files) for part in section.parts if part.path == path), None)
    if part is None:
        return dict.fromkeys(_inside(files, path))
    if part.kind == "lab":
        return dict.fromkeys(_inside(files, path))
    if part.kind == "exam":
        return dict.fromkeys([path, *pools_of(files, path)])
    if part.kind == "review":
        return {path: None} | _without_settings(files, path)
    return dict.fromkeys(known for known in (path, output_path(path)) if known in files)


def _inside(files: Files, folder: str) -> list[str]:
    inside = [path for path in files if path.startswith(f"{folder}/")]
    if not inside:
        raise KeyError(folder)
    return inside


def _without_settings(files: Files, path: str) -> Rewritten:
    """Return the module.yaml without what it says about review questions."""
    head, keys = f"{path.partition('/')[0]}/{SECTION_HEAD}", review_place(name_in_file(path, "review") or "")
    text = files[head].decode()
    if value_at(read_document(text).data, keys) is None:
        return {}
    made = with_value(text, keys, None)
    if made is not None and value_at(read_document(made).data, keys[:1]) == {}:
        made = with_value(made, keys[:1], None)
    if made is None:
        raise UnwritableText(head)
    return {head: made}


def lost_objectives(files: Files, path: str, folder: str) -> list[str]:
    """Return the objectives that a lesson or a lab names and that are not those of the other module."""
    head = path if path.endswith(".md") else f"{path}/{DESCRIPTION}"
    return [key for key in objectives_named(head, files[head].decode()) if key not in _objectives_of(files, folder)]


def objectives_named(path: str, text: str) -> list[str]:
    if path.endswith(".md"):
        text = text.partition("---\n")[2].partition("\n---")[0]
    named = value_at(read_document(text).data, ("objectives",))
    return [str(key) for key in named] if isinstance(named, list) else []


def _objectives_of(files: Files, folder: str) -> list[str]:
    rows = value_at(read_document(files[f"{folder}/{SECTION_HEAD}"].decode()).data, ("objectives",))
    return [str(row.get("id")) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def with_part_in(files: Files, path: str, folder: str) -> tuple[str, Rewritten]:
    """Return the new path of a lesson or a lab in another section, and the files that change.

    The id stays. Names of files are written as they are found from the new folder, and objectives that the new section
    does not have are left out. Raises UnwritableText, KeyError for an unknown part or section.
    """
    if f"{folder}/{SECTION_HEAD}" not in files or path.partition("/")[0] == folder:
        raise KeyError(folder)
    if path.endswith(".md") and path in files:
        return _lesson_in(files, path, folder)
    return _lab_in(files, path, folder)


def _lesson_in(files: Files, path: str, folder: str) -> tuple[str, Rewritten]:
    stem = path.rpartition("/")[2].removesuffix(".md")
    taken = {name.rpartition("/")[2].removesuffix(".md") for name in files if name.startswith(f"{folder}/")}
    new = f"{folder}/{_free(stem, taken)}.md"
    text = relinked(files, files[path].decode(), path, new)
    kept = [key for key in objectives_named(path, text) if key in _objectives_of(files, folder)]
    if kept != objectives_named(path, text):
        text = with_front_value(path, text, "objectives", kept)
    return new, {path: None, new: text} | _moved_outputs(files, path, new)


def _moved_outputs(files: Files, path: str, new: str) -> Rewritten:
    """Return what the listings of a lesson showed, with the pictures, where a lesson at `new` looks for it."""
    old, made = output_path(path), output_path(new)
    if old not in files:
        return {}
    from_folder, to_folder = old.rpartition("/")[0], made.rpartition("/")[0]
    text = files[old].decode(errors="replace")
    pictures = [name for name in _inside(files, from_folder) if f'"{name.rpartition("/")[2]}"' in text]
    moved: Rewritten = {old: None, made: files[old]}
    for picture in pictures:
        target = f"{to_folder}/{picture.rpartition('/')[2]}"
        if files.get(target, files[picture]) != files[picture]:
            raise UnwritableText(target)
        moved |= {picture: None, target: files[picture]}
    return moved


def _lab_in(files: Files, path: str, folder: str) -> tuple[str, Rewritten]:
    inside = _inside(files, path)
    prefix = f"{folder}/labs/"
    taken = {name.removeprefix(prefix).partition("/")[0] for name in files if name.startswith(prefix)}
    new = f"{prefix}{_free(path.rpartition('/')[2], taken)}"
    moved: Rewritten = dict.fromkeys(inside)
    for name in inside:
        target = f"{new}/{name.removeprefix(f'{path}/')}"
        is_text = name.endswith((".py", ".yaml", ".md"))
        moved[target] = relinked(files, files[name].decode(), name, target, along=path) if is_text else files[name]
    head = f"{new}/{DESCRIPTION}"
    moved[head] = _with_own_objectives(head, str(moved[head]), _objectives_of(files, folder))
    return new, moved


def _with_own_objectives(path: str, text: str, own: list[str]) -> str:
    """Return a lab.yaml that names no objective but these, neither itself nor for a test."""
    data = read_document(text).data
    kept = [key for key in objectives_named(path, text) if key in own]
    tests = value_at(data, ("tests",))
    rows = (
        [row for row in tests if isinstance(row, dict) and row.get("objective") in kept]
        if isinstance(tests, list)
        else None
    )
    made: str | None = text
    if kept != objectives_named(path, text):
        made = with_value(text, ("objectives",), kept)
    if made is not None and rows is not None and rows != tests:
        made = with_value(made, ("tests",), rows or None)
    if made is None:
        raise UnwritableText(path)
    return made


def _free(name: str, taken: Iterable[str]) -> str:
    known = {*taken}
    return next(made for number in count(1) if (made := name if number == 1 else f"{name}-{number}") not in known)


def relinked(files: Files, text: str, path: str, new: str, *, along: str = "") -> str:
    """Return a text whose names of files lead to the same files from the new path.

    `along` is a folder that moves with the text: what is in it is found as before.
    """
    old_folder, new_folder = path.rpartition("/")[0], new.rpartition("/")[0]

    def written(match: re.Match[str]) -> str:
        target = resolve(match[0], old_folder)
        is_found = target in files and not (along and target.startswith(f"{along}/"))
        return posixpath.relpath(target, new_folder) if is_found else match[0]

    return NAMED_FILE.sub(written, text)
