"""Import the questions of a file: a plan that writes nothing, an edit that `publish` publishes, and its undoing."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING

from authoring.folder import LARGEST_TEXT, as_word
from authoring.services import AuditLine, CourseEdit, arrangement_undone, edit_files, export_course, read_arrangement
from authoring.services.course_files import MOST_IN_ALL
from course.services import text_digest
from exchange.formats import read_bank
from exchange.formats.rows import Row, make_question
from exchange.formats.writing import question_text
from exchange.refusals import Refusal
from exchange.rules.items import Bank, Outcome, SourceItem
from exchange.rules.reasons import Reason, UnfitItem
from exchange.rules.report import ImportReport, ReportedItem
from exchange.services.places import ImportPlace, place_named
from labs.rules.files import shown_size
from quizzes.selectors import question_sources
from records.selectors import newest_entries

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course
    from records.models import AuditEntry

ACTION = "import_questions"
MOST_SHOWN = 20  # imports that can be undone on the page
ORIGIN = re.compile(r"""^\s*origin:\s*["']?([a-z0-9 .-]+?) ([0-9a-f]{16})(?: (.*?))?["']?\s*$""", re.MULTILINE)
LONGEST_WORD = 48
ROOM = LARGEST_TEXT - 2_000  # bytes of a text that imports fill
UNTITLED = "Imported questions"


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do to a course. `files` are what it writes, and none if the course has everything already."""

    course: "Course"
    place: ImportPlace
    objective: str
    report: ImportReport
    files: Mapping[str, str | bytes]
    exported: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """Return what to compare, so that what was shown is what is imported."""
        items = [(item.number, item.outcome, item.made, item.key, item.is_present) for item in self.report.items]
        texts = {path: sha256(as_bytes(content)).hexdigest() for path, content in self.files.items()}
        return text_digest(repr((self.place.path, items, sorted(texts.items()))))


@dataclass
class KnownQuestions:
    """The questions that a course has: their ids, and where imported ones came from."""

    keys: set[str]
    by_digest: dict[str, str]
    by_ident: dict[str, str]


def plan_import(
    *, course: "Course", name: str, content: bytes, place: str = "", objective: str = "", title: str = ""
) -> ImportPlan:
    """Return what importing a file into a place would do. Writes nothing.

    Raises the refusals of read_bank and bank_place_unfit, course_files_full.
    """
    bank = read_bank(name, content)
    exported = export_course(course_id=course.pk)
    title = title or bank.title or PurePath(name).stem or UNTITLED
    found = place_named(exported, place, title[:200])
    about = found.objective(objective)
    made = list(_made_items(bank, known_questions(course), about))
    report = ImportReport(bank.format, title, tuple(item for item, _pictures in made))
    added = [(item, pictures) for item, pictures in made if item.made and not item.is_present]
    files: dict[str, str | bytes] = {}
    if added:
        files = {**found.texts, **_texts_with(exported, found.path, [item.made for item, _pictures in added])}
        pictures = {f"{found.folder}/{path}": data for _item, shown in added for path, data in shown.items()}
        files |= {path: data for path, data in pictures.items() if path not in exported}
        total = sum(map(len, exported.values())) + sum(map(len, pictures.values()))
        if pictures and total > MOST_IN_ALL:
            raise Refusal("course_files_full", most=shown_size(MOST_IN_ALL))
    return ImportPlan(course, found, about, report, files, exported)


def known_questions(course: "Course") -> KnownQuestions:
    """Return what is known of the questions of a course."""
    known = KnownQuestions(set(), {}, {})
    for listed in question_sources(course.pk).values():
        for key, source in listed:
            known.keys.add(key)
            if match := ORIGIN.search(source):
                known.by_digest[match[2]] = key
                if match[3]:
                    known.by_ident[f"{match[1]} {match[3]}"] = key
    return known


def _made_items(
    bank: Bank, known: KnownQuestions, objective: str
) -> Iterator[tuple[ReportedItem, Mapping[str, bytes]]]:
    """Yield what becomes of each item, with its pictures by path in the module."""
    seen: dict[str, int] = {}
    keys = set(known.keys)
    for item in bank.items:
        digest = _digest(bank.format, item)
        try:
            yield _made_item(bank, item, digest, known, seen, keys, objective)
        except UnfitItem as unfit:
            yield _refused(item, unfit.reason), {}


def _made_item(
    bank: Bank,
    item: SourceItem,
    digest: str,
    known: KnownQuestions,
    seen: dict[str, int],
    keys: set[str],
    objective: str,
) -> tuple[ReportedItem, Mapping[str, bytes]]:
    """Return what becomes of an item. Raises UnfitItem."""
    if item.refusal is not None:
        return _refused(item, item.refusal), {}
    if digest in seen:
        raise UnfitItem("repeated", number=seen[digest])
    made = make_question(item)
    seen[digest] = item.number
    origin = f"{as_word(bank.format) or 'file'} {digest}"
    ident = " ".join(item.ident.split())[:100] if item.ident.isprintable() else ""
    present = known.by_digest.get(digest)
    if present is None and ident and (older := known.by_ident.get(f"{origin.partition(' ')[0]} {ident}")):
        raise UnfitItem("other_version", key=older)
    key = present or _key(item, made.row, keys)
    keys.add(key)
    row: Row = {"id": key, "objective": objective, **made.row, "origin": f"{origin} {ident}".strip()}
    text = question_text(row)
    if len(text.encode()) > ROOM:
        raise UnfitItem("too_long")
    outcome = Outcome.CHANGED if made.reasons else Outcome.LOSSLESS
    reported = ReportedItem(
        item.number,
        item.kind,
        item.ident,
        item.name,
        outcome,
        made.reasons,
        item.source,
        text,
        key,
        made.row["type"],
        present is not None,
    )
    return reported, made.pictures


def _refused(item: SourceItem, reason: Reason) -> ReportedItem:
    return ReportedItem(item.number, item.kind, item.ident, item.name, Outcome.REFUSED, (reason,), item.source)


def _digest(format_name: str, item: SourceItem) -> str:
    """Return the digest of everything that an item says."""
    pictures = {
        name: sha256(content).hexdigest() for name, content in item.pictures.items() if item.source.find(name) >= 0
    }
    parts = [format_name, item.kind, item.ident, item.name, item.tags, item.source, sorted(pictures.items())]
    return sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _key(item: SourceItem, row: Row, taken: set[str]) -> str:
    """Return a new id that reminds of the item."""
    for words in (item.name, str(row["prompt"]), item.ident):
        if word := as_word(words)[:LONGEST_WORD].strip("-"):
            return word if word not in taken else _numbered(word, taken)
    return _numbered("imported", taken)


def _numbered(word: str, taken: set[str]) -> str:
    number = 2
    while f"{word}-{number}" in taken:
        number += 1
    return f"{word}-{number}"


def _texts_with(exported: Mapping[str, bytes], path: str, blocks: list[str]) -> dict[str, str]:
    """Return the text at a path with more questions. What does not fit goes into more texts beside it."""
    texts: dict[str, str] = {}
    at, number = path, 1
    text = exported.get(path, b"").decode().rstrip()
    text = "" if re.fullmatch(r"\s*(?:\[\s*\])?\s*", text) else f"{text}\n"
    size = len(text.encode())
    parts = [text] if text else []
    for block in blocks:
        length = len(block.encode()) + 1
        if parts and size + length > ROOM:
            texts[at] = "\n".join(parts)
            at, number = _next_path(exported, path, number)
            parts, size = [], 0
        parts.append(block)
        size += length
    texts[at] = "\n".join(parts)
    return texts


def _next_path(exported: Mapping[str, bytes], path: str, number: int) -> tuple[str, int]:
    stem = path.removesuffix(".yaml")
    while True:
        number += 1
        made = f"{stem}-{number}.yaml"
        if made not in exported:
            return made, number


def as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def questions_imported(*, plan: ImportPlan, words: str, editor: "User", reason: str = "") -> CourseEdit:
    """Return the edit that imports the questions of a plan. Raises Refusal settings_stale."""
    details = {
        "change": words,
        "format": plan.report.format,
        "place": plan.place.path,
        "items": len(plan.report.items),
        "new": plan.report.new,
        **plan.report.counts,
    }
    line = AuditLine(ACTION, f"course:{plan.course.slug}", reason, details)
    texts = {path: plan.exported.get(path, b"").decode() for path, made in plan.files.items() if isinstance(made, str)}
    return edit_files(course=plan.course, files=plan.files, editor=editor, based_on=texts, audit=(line,))


def imports_of(*, course: "Course") -> "list[AuditEntry]":
    """Return the last imports of a course, newest first."""
    return newest_entries(course.pk, ACTION, MOST_SHOWN)


def import_undone(*, course: "Course", at: datetime, words: str, editor: "User") -> CourseEdit:
    """Return the edit that takes back an import of this instant. Raises Refusal nothing_to_undo, arrangement_overtaken."""
    return arrangement_undone(tree=read_arrangement(course=course), at=at, words=words, editor=editor, action=ACTION)
