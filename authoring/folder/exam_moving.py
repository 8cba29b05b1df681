"""The files that change when an author moves an exam with its pools to another module. Its id and its dates stay."""

from collections.abc import Iterator, Mapping
from itertools import count

from authoring.folder.arranging import Rewritten, UnwritableText, as_word, pools_of
from authoring.folder.document import read_document
from authoring.folder.files import Files
from authoring.folder.moving import relinked
from authoring.folder.ordering import HEAD, SECTION_HEAD, section_named
from authoring.folder.question_moving import question_keys, relinked_program
from authoring.folder.question_writing import question_rows
from authoring.folder.sections import exam_of_pool, is_exam_folder, name_in_file
from authoring.folder.writing import value_at, with_value

NAMES = ("opens", "due", "closes")


class OtherDates(ValueError):
    """Dates of the new module that would change those of the exam. Its argument names them."""


def with_exam_in(files: Files, path: str, folder: str) -> Rewritten:
    """Return the files that change when an exam goes to another section, with its pools.

    Dates that its old module sets are written into the exam. Where the new section has an exam or a pool with the same
    name, the files get another one. Raises UnwritableText, OtherDates, KeyError for an unknown exam or section.
    """
    name = name_in_file(path, "exam")
    is_place = f"{folder}/{SECTION_HEAD}" in files and is_exam_folder(folder) and path.partition("/")[0] != folder
    if name is None or path not in files or not is_place:
        raise KeyError(path if name is None else folder)
    paths = next(made for new in _names(files, path, name) if (made := _new_paths(files, path, name, folder, new)))
    moved: Rewritten = dict.fromkeys(paths)
    for old, new in paths.items():
        moved[new] = _pool_at(files, old, new) if old != path else _with_its_dates(files, path, folder)
    return moved


def _names(files: Files, path: str, name: str) -> Iterator[str]:
    """Yield the name that the exam has, then names like its id."""
    yield name
    key = as_word(str(value_at(read_document(files[path].decode()).data, ("id",)))) or "exam"
    for number in count(1):
        yield key if number == 1 else f"{key}-{number}"


def _new_paths(files: Files, path: str, name: str, folder: str, new: str) -> dict[str, str]:
    """Return the new path of the exam and of each pool under the name `new`, {} if another file is in the way."""
    section = section_named(files, folder)
    others = section.assessments("exam").values() if section else ()
    pools = section.matching("pool-*.yaml") if section else ()
    names = {*others, new}
    paths = {path: f"{folder}/exam-{new}.yaml" if new else f"{folder}/exam.yaml"}
    for pool in pools_of(files, path):
        own = pool.rpartition("/")[2].removeprefix("pool-").removesuffix(".yaml")
        rest = own.removeprefix(name).removeprefix("-") if name else own
        paths[pool] = f"{folder}/pool-{'-'.join(filter(None, (new, rest)))}.yaml"
    is_free = not any(made in files for made in paths.values())
    is_own = all(exam_of_pool(made, names) == new for old, made in paths.items() if old != path)
    is_apart = not any(exam_of_pool(pool, names) == new for pool in pools)
    return paths if is_free and is_own and is_apart else {}


def _pool_at(files: Files, old: str, new: str) -> str:
    """Return a pool whose questions name the same figures and programs from the new path. Raises UnwritableText."""
    text = files[old].decode()
    made = relinked(files, text, old, new)
    for index, row in enumerate(question_rows(made) or ()):
        if "computed" in row:
            entry = with_value("- computed: ''\n", (0, "computed"), row["computed"]) or ""
            program = value_at(read_document(relinked_program(files, entry, old, new)).data, (0, "computed"))
            made = with_value(made, (index, "computed"), program) or ""
    if question_keys(made) != question_keys(text):
        raise UnwritableText(old)
    return made


def _with_its_dates(files: Files, path: str, folder: str) -> str:
    """Return the exam with the dates in force before. Raises UnwritableText, OtherDates if the section prevents them."""
    text = files[path].decode()
    head = _dates_in(files, HEAD)
    own = _dates_in(files, path)
    before = _dates_in_force(own, _dates_in(files, f"{path.partition('/')[0]}/{SECTION_HEAD}"), head)
    around = _dates_in(files, f"{folder}/{SECTION_HEAD}")
    missing = {name: before[name] for name in NAMES if _dates_in_force(own, around, head)[name] != before[name]}
    after = _dates_in_force(own | {name: at for name, at in missing.items() if at}, around, head)
    if after != before:
        raise OtherDates(", ".join(name for name in NAMES if after[name] != before[name]))
    for name, at in missing.items():
        made = with_value(text, (name,), at)
        if made is None:
            raise UnwritableText(path)
        text = made
    return text


def _dates_in(files: Files, path: str) -> dict[str, str]:
    data = read_document(files[path].decode()).data if path in files else None
    return {name: str(value_at(data, (name,))) for name in NAMES if value_at(data, (name,))}


def _dates_in_force(own: Mapping[str, str], section: Mapping[str, str], head: Mapping[str, str]) -> dict[str, str]:
    """Return the dates that hold, "" for none: the latest opening, the earliest closing, and the nearest due date."""
    written = {name: [at for dates in (own, section, head) if (at := dates.get(name))] for name in NAMES}
    return {
        "opens": max(written["opens"], default=""),
        "due": next(iter(written["due"]), ""),
        "closes": min(written["closes"], default=""),
    }
