"""Where imported questions can go: into review questions, into a pool of an exam, or into a new module."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from authoring.folder import (
    UnwritableText,
    course_tree,
    holds_questions,
    is_pool,
    read_document,
    value_at,
    with_module,
    with_value,
)
from exchange.refusals import Refusal

HEAD = "module.yaml"
NEW_MODULE = ""
REVIEW = "review.yaml"


@dataclass(frozen=True)
class ImportPlace:
    """A text for questions with the objectives that they may be about, by id. `texts` are files that it needs first."""

    path: str
    title: str
    objectives: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        return self.path.partition("/")[0]

    def objective(self, wanted: str) -> str:
        """Return the objective of imported questions: the wanted one, or the first. Raises Refusal bank_place_unfit."""
        if wanted and wanted not in self.objectives:
            raise Refusal("bank_place_unfit", place=self.path, problem=f"it has no objective “{wanted}”")
        if not self.objectives:
            problem = (
                "its module has no objective, and each question is about one. Add an objective to the module first"
            )
            raise Refusal("bank_place_unfit", place=self.path, problem=problem)
        return wanted or next(iter(self.objectives))


def import_places(files: Mapping[str, bytes]) -> list[ImportPlace]:
    """Return the places that a course has, as the outline lists them. Modules without review questions can begin them."""
    sections = course_tree(files)
    every = {key: text for section in sections for key, text in objectives_of(files, section.folder).items()}
    places: list[ImportPlace] = []
    for section in sections:
        own = objectives_of(files, section.folder)
        texts = sorted(path for path in files if path.startswith(f"{section.folder}/") and holds_questions(path))
        reviews = [path for path in texts if not is_pool(path)]
        if not reviews and section.folder[:1].isdigit():
            reviews = [f"{section.folder}/{REVIEW}"]
        places += [ImportPlace(path, section.title, own) for path in reviews]
        places += [ImportPlace(path, section.title, every) for path in texts if is_pool(path)]
    return places


def objectives_of(files: Mapping[str, bytes], folder: str) -> dict[str, str]:
    """Return the objectives of a module by id."""
    text = files.get(f"{folder}/{HEAD}", b"").decode(errors="replace")
    rows = value_at(read_document(text).data, ("objectives",))
    listed = rows if isinstance(rows, list) else []
    return {str(row.get("id")): str(row.get("text", "")) for row in listed if isinstance(row, dict) and row.get("id")}


def place_named(files: Mapping[str, bytes], name: str, title: str) -> ImportPlace:
    """Return the place with this path, the review questions of the module with this folder or id, or a new module.

    Raises Refusal bank_place_unfit.
    """
    if name == NEW_MODULE:
        return new_module(files, title)
    places = import_places(files)
    for place in places:
        if name in (place.path, place.folder, module_id(files, place.folder)):
            return place
    raise Refusal("bank_place_unfit", place=name, problem=_known(place.path for place in places))


def _known(paths: Iterable[str]) -> str:
    return f"the course has no such place. It has {', '.join(paths) or 'no module yet'}"


def module_id(files: Mapping[str, bytes], folder: str) -> str:
    text = files.get(f"{folder}/{HEAD}", b"").decode(errors="replace")
    return str(value_at(read_document(text).data, ("id",)) or "")


def new_module(files: Mapping[str, bytes], title: str) -> ImportPlace:
    """Return the review questions of a module that is added for them. Raises Refusal bank_place_unfit."""
    try:
        made = with_module(files, title)
    except UnwritableText as error:
        raise Refusal(
            "bank_place_unfit", place="a new module", problem=f"the text {error} cannot be changed here"
        ) from None
    head = next(path for path in made if path.endswith(f"/{HEAD}"))
    folder = head.partition("/")[0]
    key, words = f"{folder.partition('-')[2]}-imported"[:80].strip("-"), f"Answer the questions of “{title}”."
    text = str(made[head] if isinstance(made[head], str) else made[head].decode())
    written = with_value(text, ("objectives",), [{"id": key, "text": words}])
    if written is None:
        raise Refusal("bank_place_unfit", place=folder, problem="its text cannot be written")
    texts = {path: content if isinstance(content, str) else content.decode() for path, content in made.items()}
    return ImportPlace(f"{folder}/{REVIEW}", title, {key: words}, {**texts, head: written})
