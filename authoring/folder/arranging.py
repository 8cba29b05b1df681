"""The course as a tree of titles, and the files that change when an author puts it in another order or renames a part."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from authoring.folder.document import read_document
from authoring.folder.exams import review_title
from authoring.folder.files import Files
from authoring.folder.labs import DESCRIPTION, lab_id_in
from authoring.folder.lessons import FENCE
from authoring.folder.ordering import HEAD, SECTION_HEAD, folders_in_order, section_named, with_order
from authoring.folder.sections import NUMBERED, exam_of_pool, is_exam_folder, name_in_file, review_place
from authoring.folder.shapes import KEY, LONGEST_KEY
from authoring.folder.starting import LESSON, MODULE, QUESTION, first_lab
from authoring.folder.titles import title_in
from authoring.folder.writing import value_at, with_value

type Rewritten = dict[str, str | bytes | None]  # by path; None removes a file

ID = re.compile(r"^id:\s*([\w-]+)", re.MULTILINE)
STEP = 10  # between the numbers of files, so that one can be put between two


class UnwritableText(ValueError):
    """A text that is written in a form in which the change cannot be made. Its argument is the path."""


@dataclass(frozen=True)
class CoursePart:
    """A line of the outline. `path` is that of its file, or the folder of a lab; `kind` is lesson, lab, review or exam."""

    path: str
    kind: str
    title: str

    @property
    def name(self) -> str:
        """Return its name in the order of its section."""
        return self.path.partition("/")[2]

    @property
    def can_rename(self) -> bool:
        """Return whether it has a title. The questions in review.yaml have none."""
        return self.kind != "review" or bool(name_in_file(self.path, "review"))

    @property
    def can_move(self) -> bool:
        """Return whether it can go to another module and keep its id. That of review questions is made from their module."""
        return self.kind != "review"


@dataclass(frozen=True)
class CourseSection:
    """A section of the outline with its parts in order."""

    folder: str
    title: str
    is_module: bool
    parts: tuple[CoursePart, ...]

    def can_take(self, part: CoursePart) -> bool:
        """Return whether a part of another section can move here: into a module, and an exam also to the final exam."""
        is_other = part.path.partition("/")[0] != self.folder
        return part.can_move and is_other and (self.is_module or (part.kind == "exam" and is_exam_folder(self.folder)))


def course_tree(files: Files) -> tuple[CourseSection, ...]:
    """Return the sections in order, even if texts have mistakes. A text without a title is called after its file."""
    return tuple(_section(files, folder) for folder in folders_in_order(files))


def _section(files: Files, folder: str) -> CourseSection:
    section = section_named(files, folder)
    assert section is not None
    parts = tuple(_part(files, f"{folder}/{name}") for name in section.parts)
    return CourseSection(folder, _title(files, f"{folder}/{SECTION_HEAD}") or folder, section.is_module, parts)


def _part(files: Files, path: str) -> CoursePart:
    name = path.rpartition("/")[2]
    if f"{path}/{DESCRIPTION}" in files or "/labs/" in path:
        return CoursePart(path, "lab", _title(files, f"{path}/{DESCRIPTION}") or name)
    review = name_in_file(path, "review")
    if review is not None:
        return CoursePart(path, "review", _review_title(files, path, review))
    kind = "exam" if name_in_file(path, "exam") is not None else "lesson"
    return CoursePart(path, kind, _title(files, path) or name)


def _title(files: Files, path: str) -> str:
    return title_in(_text(files, path))


def _text(files: Files, path: str) -> str:
    return files[path].decode(errors="replace") if path in files else ""


def _review_title(files: Files, path: str, name: str) -> str:
    head = read_document(_text(files, f"{path.partition('/')[0]}/{SECTION_HEAD}")).data
    return str(value_at(head, (*review_place(name), "title")) or review_title(name))


def with_tree_order(files: Files, folders: Sequence[str], parts: Mapping[str, Sequence[str]]) -> Rewritten:
    """Return the heads that must change so that sections and parts come in this order. `parts` are names by folder.

    Raises UnwritableText.
    """
    orders = {HEAD: (folders_in_order(files), folders)}
    for folder, names in parts.items():
        section = section_named(files, folder)
        orders[f"{folder}/{SECTION_HEAD}"] = (list(section.parts) if section else [], names)
    return {path: _ordered(files, path, names) for path, (now, names) in orders.items() if [*names] != now}


def _ordered(files: Files, path: str, names: Sequence[str]) -> str:
    made = with_order(_text(files, path), names)
    if made is None:
        raise UnwritableText(path)
    return made


def with_title(files: Files, path: str, title: str) -> Rewritten:
    """Return the text that gives a section or a part this title. Raises UnwritableText, KeyError for an unknown part."""
    part = next((part for section in course_tree(files) for part in section.parts if part.path == path), None)
    if part is None and f"{path}/{SECTION_HEAD}" not in files:
        raise KeyError(path)
    if part is not None and part.kind == "lesson":
        return {path: with_front_value(path, _text(files, path), "title", title)}
    if part is not None and part.kind == "review":
        folder, name = path.partition("/")[0], name_in_file(path, "review") or ""
        return _with_value(files, f"{folder}/{SECTION_HEAD}", (*review_place(name), "title"), title)
    head = {"lab": f"{path}/{DESCRIPTION}", "exam": path}.get(part.kind if part else "", f"{path}/{SECTION_HEAD}")
    return _with_value(files, head, ("title",), title)


def _with_value(files: Files, path: str, keys: tuple[str, ...], value: object) -> Rewritten:
    made = with_value(_text(files, path), keys, value)
    if made is None:
        raise UnwritableText(path)
    return {path: made}


def with_front_value(path: str, text: str, name: str, value: object) -> str:
    """Return a lesson whose front matter says this. Raises UnwritableText."""
    lines = text.splitlines(keepends=True)
    marks = [number for number, line in enumerate(lines) if line.rstrip() == FENCE]
    if len(marks) < 2 or marks[0] != 0:
        raise UnwritableText(path)
    front = with_value("".join(lines[1 : marks[1]]), (name,), value)
    if front is None:
        raise UnwritableText(path)
    return "".join([lines[0], front, *lines[marks[1] :]])


def with_module(files: Files, title: str, used: Collection[str] = ()) -> Rewritten:
    """Return the texts of a new module, after the last numbered one. `used` are more ids of modules. Raises UnwritableText."""
    numbers = [int(folder.partition("-")[0]) for folder in folders_in_order(files) if NUMBERED.match(folder)]
    key = free_key(as_word(title), {*_section_ids(files), *used})
    folder = f"{max(numbers, default=0) + 1:02}-{key}"
    return _section_text(folder, key, title) | _placed_before_the_end(files, folder)


def first_section(files: Files, folder: str, title: str, used: Collection[str] = ()) -> Rewritten:
    """Return the text of a new section that is not a module, such as that of the final exam. Raises UnwritableText."""
    return _section_text(folder, free_key(folder, {*_section_ids(files), *used}), title)


def _section_text(folder: str, key: str, title: str) -> Rewritten:
    text = with_value(MODULE.format(key=key, title="title"), ("title",), title)
    if text is None:
        raise UnwritableText(f"{folder}/{SECTION_HEAD}")
    return {f"{folder}/{SECTION_HEAD}": text}


def _section_ids(files: Files) -> set[str]:
    return {str(value_at(read_document(_text(files, path)).data, ("id",))) for path in _section_heads(files)}


def _section_heads(files: Files) -> Iterator[str]:
    return (path for path in files if path.count("/") == 1 and path.endswith(f"/{SECTION_HEAD}"))


def _placed_before_the_end(files: Files, folder: str) -> Rewritten:
    """Return course.yaml with a new module after the last one, if it lists an order."""
    order = value_at(read_document(_text(files, HEAD)).data, ("order",))
    if not isinstance(order, list):
        return {}
    modules = [index for index, name in enumerate(order) if NUMBERED.match(str(name))]
    at = modules[-1] + 1 if modules else len(order)
    return {HEAD: _ordered(files, HEAD, [*order[:at], folder, *order[at:]])}


def free_key(word: str, taken: set[str]) -> str:
    """Return an id like this word that nothing has yet."""
    key = word[: LONGEST_KEY - 4].strip("-")
    key = key if KEY.fullmatch(key) else "part"
    return next(
        made for number in range(1, len(taken) + 2) if (made := key if number == 1 else f"{key}-{number}") not in taken
    )


def new_lesson(files: Files, folder: str, title: str, used: Collection[str] = ()) -> tuple[str, str]:
    """Return path and text of a new lesson of a section. Its number comes after those that the section has.

    `used` are more ids of lessons.
    """
    section = section_named(files, folder)
    ids = {_lesson_id(files, path) for path in files if path.endswith(".md")}
    key = free_key(as_word(title), {*ids, *used})
    path = f"{folder}/{_next_number(section.lessons if section else ())}-{key}.md"
    return path, with_front_value(path, LESSON.format(key=key, title="title"), "title", title)


def new_lab(files: Files, folder: str, title: str, used: Collection[str] = ()) -> dict[str, str] | None:
    """Return the files of a new lab of a module by path, or None for a section that can have none.

    `used` are more ids of labs.
    """
    section = section_named(files, folder)
    if section is None or not section.is_module:
        return None
    ids = {lab_id_in(_text(files, path)) for path in files if path.endswith(f"/{DESCRIPTION}")}
    name = f"{_next_number(section.labs)}-{free_key(as_word(title), {*ids, *used})}"
    made, head = first_lab(folder, name), f"{folder}/labs/{name}/{DESCRIPTION}"
    titled = with_value(made[head], ("title",), title)
    return None if titled is None else made | {head: titled}


def _next_number(paths: Sequence[str]) -> int:
    """Return a number for a new file that comes after those at these paths."""
    starts = (path.rpartition("/")[2].partition("-")[0] for path in paths)
    return max((int(start) for start in starts if start.isdecimal()), default=0) // STEP * STEP + STEP


def _lesson_id(files: Files, path: str) -> str:
    match = ID.search(_text(files, path))
    return match[1] if match else ""


def first_review(files: Files, folder: str, title: str, used: Collection[str] = ()) -> tuple[str, str] | None:
    """Return path and text of new review questions of a module, or None if it can have none or has no objective.

    `used` are ids of assessments and questions that they may not have.
    """
    data = read_document(_text(files, f"{folder}/{SECTION_HEAD}")).data
    objective = value_at(data, ("objectives", 0, "id"))
    if not NUMBERED.match(folder) or not isinstance(objective, str):
        return None
    names = {name_in_file(path, "review") for path in files if path.rpartition("/")[0] == folder} - {None}
    module, first = str(value_at(data, ("id",))), "-first"
    questions = {key.removesuffix(first) for key in used if key.endswith(first)}
    reviews = {key.removeprefix(f"{module}-review-") for key in used}
    name = free_key(as_word(title), {*map(str, names), *reviews, *questions}) if names else ""
    text = QUESTION.format(key=name or free_key(module, questions))
    path = f"{folder}/review-{name}.yaml" if name else f"{folder}/review.yaml"
    made = with_value(text, (0, "objective"), objective)
    return None if made is None else (path, made)


def as_word(title: str) -> str:
    """Return a title as a word for an id, "" if it has no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def pools_of(files: Files, path: str) -> list[str]:
    """Return the pools of the exam at `path`."""
    section = section_named(files, path.partition("/")[0])
    if section is None:
        return []
    names = section.assessments("exam")
    pools = section.matching("pool-*.yaml")
    return [pool for pool in pools if exam_of_pool(pool, names.values()) == names.get(path)]
