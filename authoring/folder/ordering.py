"""The author's order: `order` in course.yaml lists the sections, and `order` in module.yaml the parts of one section.

Without these lists, sections and parts are ordered by their names.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from authoring.folder.document import Document, read_document
from authoring.folder.files import Files
from authoring.folder.reading import FolderReading
from authoring.folder.sections import OutlineFolder, read_sections
from authoring.folder.writing import value_at, with_rows
from quizzes.rules.texts import AssessmentText

HEAD, SECTION_HEAD, ORDER = "course.yaml", "module.yaml", "order"
SECTION_UNKNOWN = "“{name}” is not a section of this course. Name a folder of the course, such as 01-introduction."
PART_UNKNOWN = (
    "“{name}” is not a part of this section. Name a lesson (10-tensors.md), a lab (labs/10-line), or a file of review "
    "questions or of an exam (review.yaml)."
)


def sections_in_order(reading: FolderReading, head: Document | None) -> tuple[OutlineFolder, ...]:
    """Return the sections in the order that course.yaml lists. Mistakes in the list are reported."""
    sections = read_sections(reading.files)
    order = _checked_order(reading, HEAD, head, [section.folder for section in sections], SECTION_UNKNOWN)
    ranked = sorted(sections, key=lambda section: rank_in(order, section.folder)) if order else sections
    return tuple(replace(section, position=position) for position, section in enumerate(ranked))


def with_part_order(reading: FolderReading, section: OutlineFolder, document: Document) -> OutlineFolder:
    """Return a section with the order that its module.yaml lists. Mistakes in the list are reported."""
    path = f"{section.folder}/{SECTION_HEAD}"
    return replace(section, order=_checked_order(reading, path, document, section.parts, PART_UNKNOWN))


def rank_in(order: Sequence[str], name: str) -> int:
    """Return where a list has a name. What it does not list comes last."""
    return order.index(name) if name in order else len(order)


def _checked_order(
    reading: FolderReading, path: str, document: Document | None, names: Iterable[str], unknown: str
) -> tuple[str, ...]:
    """Return the list of a file, () for none. Report what it lists twice, what does not exist, and what is missing.

    A list that was edited on the site replaces that of the folder. It need not fit the folder.
    """
    if path in reading.orders:
        return tuple(reading.orders[path])
    order = listed_order(document.data) if document else None
    if document is None or order is None:
        return ()
    for index, name in enumerate(order):
        if name not in names:
            reading.report_at(path, document, (ORDER, index), unknown.format(name=name))
        elif name in order[:index]:
            reading.report_at(path, document, (ORDER, index), f"“{name}” is listed twice. Remove one of the two lines.")
    missing = [name for name in names if name not in order]
    if missing:
        text = f"the order leaves out {', '.join(f'“{name}”' for name in missing)}. Add each name where it belongs."
        reading.report_at(path, document, (ORDER,), text)
    return tuple(order)


def listed_order(data: object) -> list[str] | None:
    """Return the order that a document lists, or None if it lists none that can be read."""
    order = value_at(data, (ORDER,))
    return order if isinstance(order, list) and all(isinstance(name, str) for name in order) else None


def lines_in_order(
    section: OutlineFolder,
    *,
    lessons: Mapping[str, str],
    labs: Mapping[str, str],
    assessments: Iterable[AssessmentText],
) -> list[str]:
    """Return kind and id of each line of a section that has an order, [] for others.

    `lessons` and `labs` are the ids by path.
    """
    names = {path: f"lesson:{key}" for path, key in lessons.items()} | {
        path: f"lab:{key}" for path, key in labs.items()
    }
    names |= {assessment_path(section, text): f"{text.kind}:{text.key}" for text in assessments}
    paths = [f"{section.folder}/{name}" for name in section.order]
    return [names[path] for path in paths if path in names]


def assessment_path(section: OutlineFolder, text: AssessmentText) -> str:
    """Return the path of the file of review questions or of an exam."""
    return f"{section.folder}/{text.kind}-{text.name}.yaml" if text.name else f"{section.folder}/{text.kind}.yaml"


def section_named(files: Files, folder: str) -> OutlineFolder | None:
    """Return a section of the folder with the order that its module.yaml lists, or None."""
    section = next((section for section in read_sections(files) if section.folder == folder), None)
    if section is None:
        return None
    return replace(section, order=tuple(_order_at(files, f"{folder}/{SECTION_HEAD}")))


def folders_in_order(files: Files) -> list[str]:
    """Return the folders of the sections in the author's order, even if the list has mistakes."""
    order = _order_at(files, HEAD)
    return sorted((section.folder for section in read_sections(files)), key=lambda folder: rank_in(order, folder))


def order_in(text: str) -> list[str]:
    """Return the order that a course.yaml or module.yaml lists, [] for none."""
    return listed_order(read_document(text).data) or []


def _order_at(files: Files, path: str) -> list[str]:
    return order_in(files[path].decode(errors="replace")) if path in files else []


def with_order(text: str, names: Sequence[str]) -> str | None:
    """Return a course.yaml or module.yaml that lists this order, one name on each line.

    Return None if the text is written in a form that cannot be changed like this.
    """
    return with_rows(text, ORDER, names)


def completed_orders(before: Files, after: Files) -> dict[str, str]:
    """Return the heads of `after` whose lists must change because parts were added or removed, by path.

    What is new comes last. A list that cannot be rewritten stays, so that the check reports it.
    """
    if before.keys() == after.keys():
        return {}
    completed = {}
    for path, text in after.items():
        is_head = path == HEAD or (path.count("/") == 1 and path.endswith(f"/{SECTION_HEAD}"))
        order = _order_at(after, path) if is_head else []
        if not order:
            continue
        had, has = _names_below(before, path), _names_below(after, path)
        kept = [name for name in order if name in has or name not in had]
        wanted = kept + [name for name in has if name not in had and name not in kept]
        made = with_order(text.decode(), wanted) if wanted != order else None
        if made is not None:
            completed[path] = made
    return completed


def _names_below(files: Files, path: str) -> list[str]:
    """Return what the order in the file at `path` lists in these files: sections, or the parts of a section."""
    if path == HEAD:
        return [section.folder for section in read_sections(files)]
    section = section_named(files, path.partition("/")[0])
    return list(section.parts) if section else []
