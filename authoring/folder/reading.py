"""State shared by the readers of a course: its files, its mistakes, and what is known so far."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from zoneinfo import ZoneInfo

from authoring.folder import shapes
from authoring.folder.document import Document, Path, read_document
from authoring.folder.files import Addresses, Files, find_asset, resolve
from authoring.folder.interactive import read_interactive
from authoring.folder.mistakes import Mistakes
from authoring.folder.shapes import Shape, check_shape
from authoring.folder.value_functions import FunctionQuestion
from course.markup import Asset, InteractiveFigure, MarkupProblem, Setting
from course.rules.schedule import UNDATED, Dates

UTC_ZONE = ZoneInfo("UTC")
LARGEST_TEXT = 200_000  # bytes


@dataclass
class FolderReading:
    """One run over a folder. `ids` maps each kind's ids to where they were first used. `terms` are those of the glossary."""

    files: Files
    addresses: Addresses
    slug: str = "unnamed"  # until course.yaml is read, which may have mistakes; addresses need one
    zone: ZoneInfo = UTC_ZONE
    dates: Dates = UNDATED  # the course's own
    show: dict[str, dict[str, str]] = field(default_factory=dict)  # of course.yaml, by kind of assessment
    late: Mapping[str, int] = field(default_factory=dict)  # the late policy of course.yaml
    # by path, the orders of heads that were edited on the site, so that a load keeps them
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)
    mistakes: Mistakes = field(default_factory=Mistakes)
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    terms: list[str] = field(default_factory=list)
    functions: list[FunctionQuestion] = field(default_factory=list)

    def text(self, path: str) -> str:
        """Return a file as text. Report bytes that are not UTF-8, NULs, and files too long to be written by hand."""
        content = self.files[path]
        if len(content) > LARGEST_TEXT:
            self.mistakes.report(
                path, 1, f"a text has at most {LARGEST_TEXT // 1000} kB; this one has {len(content) // 1000}."
            )
            content = content[:LARGEST_TEXT]
        if b"\0" in content:
            line = content.partition(b"\0")[0].count(b"\n") + 1
            self.mistakes.report(path, line, "the text contains a NUL character; remove it.")
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            self.mistakes.report(path, line, "this file is not UTF-8 text; save it as UTF-8.")
            return content.decode(errors="replace")

    def document(self, path: str, text: str | None = None, *, first_line: int = 1) -> Document:
        """Parse a file, or a part of it that begins at `first_line`, as YAML."""
        document = read_document(self.text(path) if text is None else text, first_line=first_line)
        for fault in document.faults:
            self.mistakes.report(path, fault.line, fault.text)
        return document

    def fits(self, path: str, document: Document, shape: Shape) -> bool:
        """Report every difference between a document and its shape. Return whether they agree."""
        if document.faults and document.data is None:
            return False
        report = partial(self.report_at, path, document)
        return check_shape(document.data, shape, report) and not document.faults

    def at(self, path: str) -> Callable[[int, str], None]:
        return lambda line, text: self.mistakes.report(path, line, text)

    def claim(self, kind: str, key: str, path: str, line: int) -> None:
        """Claim an id, and report it if it is already used for the same kind of thing."""
        first = self.ids.setdefault((kind, key), f"{path}:{line}")
        if first != f"{path}:{line}":
            self.mistakes.report(path, line, f"the {kind} “{key}” is already used ({first}).")

    def claim_in(self, kind: str, path: str, document: Document) -> None:
        """Claim the id of a file even if the file has mistakes, because other files may refer to it."""
        if isinstance(document.data, dict) and shapes.key(document.data.get("id")) is None:
            self.claim(kind, document.data["id"], path, document.line(("id",)))

    def knows(self, kind: str, key: str) -> bool:
        return (kind, key) in self.ids

    def setting(self, path: str, first_line: int) -> Setting:
        """Return how the text of a file finds other files and pages."""
        folder = path.rpartition("/")[0]

        def find(written: str) -> Asset | None:
            target = resolve(written, folder)
            self.used.add(target)
            return find_asset(self.files, target, partial(self.addresses.file, self.slug))

        return Setting(
            find_asset=find,
            find_page=self.find_page,
            find_interactive=lambda written: self._interactive(resolve(written, folder)),
            first_line=first_line,
        )

    def _interactive(self, path: str) -> InteractiveFigure | None:
        """Return the figure that a file describes, or None. Mistakes in the file are reported."""
        self.used.add(path)
        if path not in self.files:
            return None
        document = self.document(path)
        report = partial(self.report_at, path, document)
        return None if document.faults else read_interactive(document.data, report)

    def digests(self, path: str, used: Iterable[str]) -> dict[str, str]:
        """Return the SHA-256 of each file that the text of a file names, by its path relative to the course."""
        paths = (resolve(written, path.rpartition("/")[0]) for written in sorted(used))
        return {target: sha256(self.files[target]).hexdigest() for target in paths if target in self.files}

    def find_page(self, link: str) -> str | None:
        kind, _, key = link.partition(":")
        return self.addresses.page(self.slug, kind, key) if self.knows(kind, key) else None

    def report_problems(self, path: str, problems: Sequence[MarkupProblem]) -> None:
        for problem in problems:
            self.mistakes.report(path, problem.line, problem.text)

    def report_at(self, path: str, document: Document, keys: Path, text: str) -> None:
        self.mistakes.report(path, document.line(keys), text, keys)
