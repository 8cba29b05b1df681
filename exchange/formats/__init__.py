"""Formats of question banks of other systems: `read_bank` tells which one a file is in, and returns its items.

A format is one module with a function that says whether a file is in it, and one that reads it. It returns items, each with
a draft, or with the reason why it was refused (exchange/rules/items.py).
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lxml import etree

from authoring.services import unpack_files
from exchange.formats import aiken, gift, moodle, qti12, qti21, table
from exchange.formats.texts import decoded, parse_xml
from exchange.refusals import Refusal
from exchange.rules.items import SourceBank
from labs.rules.files import MEBIBYTE, shown_size

MOST_BYTES = 24 * MEBIBYTE  # of a file that an operator imports; pages take less
MOST_ITEMS = 12_000
ZIP = b"PK\x03\x04"
QUESTION_FILE = (".xml", ".qti")
ITEM_START = re.compile(rb"<question[\s>]|<(?:\w+:)?(?:item|assessmentItem|bankentry_item)[\s>]")
ROOTS = re.compile(rb"<(?:\w+:)?(?:questestinterop|assessmentItem|quiz)[\s>]")
ANSWER_LINE = re.compile(rb"^ANSWER:", re.MULTILINE)


def read_bank(name: str, content: bytes) -> SourceBank:
    """Return the items of a file. Raises bank_too_large, bank_unknown, bank_empty and the refusals of the formats."""
    if len(content) > MOST_BYTES:
        raise Refusal("bank_too_large", most=shown_size(MOST_BYTES))
    bank = _read(name, content)
    if not bank.items:
        raise Refusal("bank_empty")
    refuse_crowded(len(bank.items))
    return bank


def refuse_crowded(items: int) -> None:
    if items > MOST_ITEMS:
        raise Refusal("bank_crowded", most=f"{MOST_ITEMS:,} questions")


def _read(name: str, content: bytes) -> SourceBank:
    if content.startswith(ZIP):
        return _read_package(unpack_files(content, most_packed=MOST_BYTES))
    ending = name.lower().rpartition(".")[2]
    if content[:400].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<") and ending not in ("gift", "txt", "csv"):
        refuse_crowded(len(ITEM_START.findall(content)))
        return _read_xml(content)
    return _read_text(content, ending)


def _read_xml(content: bytes) -> SourceBank:
    root = parse_xml(content, "XML")
    if moodle.is_moodle(root):
        return moodle.read_moodle(root)
    if qti12.is_qti12(root):
        return qti12.read_qti12(root, {})
    if qti21.is_item(root):
        return _single(root, 1, "", {})
    raise Refusal("bank_unknown")


def _read_text(content: bytes, ending: str) -> SourceBank:
    text = decoded(content, fallback=table.FALLBACK if ending in ("csv", "tsv") else "")
    refuse_crowded(len(ANSWER_LINE.findall(content)))
    refuse_crowded(max(text.count("{"), text.count("::") // 2) if ending != "csv" else text.count("\n") // 2)
    if ending != "gift" and table.header_of(text.lstrip("\r\n")):
        return table.read_table(content)
    if text[:4].lower() == "sep=":
        return table.read_table(content)
    if ending != "gift" and aiken.is_aiken(text):
        return aiken.read_aiken(content)
    if ending == "gift" or gift.is_gift(text):
        return gift.read_gift(content)
    raise Refusal("bank_unknown")


def _read_package(files: Mapping[str, bytes]) -> SourceBank:
    """Return the items of all files of questions in a package, in the order of its manifest."""
    banks: list[SourceBank] = []
    paths = [path for path in _in_order(files) if ROOTS.search(files[path][:4096])]
    refuse_crowded(sum(len(ITEM_START.findall(files[path])) for path in paths))
    for path in paths:
        root = parse_xml(files[path], "XML")
        twin = files.get(_twin_of(path))
        copies = qti12.remove_copies(root, parse_xml(twin, "XML")) if twin else 0
        bank = _bank_of(root, path, files, sum(len(bank.items) for bank in banks) + 1)
        if bank is not None:
            banks.append(replace(bank, total=bank.total + copies, copies=copies))
    if not banks:
        raise Refusal("bank_unknown")
    return SourceBank(
        " and ".join(dict.fromkeys(bank.format for bank in banks)),
        next((bank.title for bank in banks if bank.title), ""),
        tuple(item for bank in banks for item in bank.items),
        sum(bank.total for bank in banks),
        sum(bank.copies for bank in banks),
    )


def _bank_of(root: etree._Element, path: str, files: Mapping[str, bytes], first: int) -> SourceBank | None:
    """Return the items of one file of a package, or None if it has no questions."""
    pictures = {name: content for name, content in files.items() if not name.endswith(QUESTION_FILE)}
    if moodle.is_moodle(root):
        return moodle.read_moodle(root, first)
    if qti12.is_qti12(root):
        return qti12.read_qti12(root, pictures, first)
    return _single(root, first, path, pictures) if qti21.is_item(root) else None


def _single(root: etree._Element, number: int, path: str, files: Mapping[str, bytes]) -> SourceBank:
    return SourceBank(qti21.FORMAT, root.get("title", ""), (qti21.read_item(root, number, path, files),), 1)


def _in_order(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the paths of files that may have questions: first as the manifest lists them, then the others by name."""
    candidates = sorted(path for path in files if path.lower().endswith(QUESTION_FILE))
    listed: list[str] = []
    for path in candidates:
        if posixpath.basename(path) == "imsmanifest.xml":
            folder = posixpath.dirname(path)
            root = parse_xml(files[path], "XML")
            listed += [posixpath.join(folder, file.get("href", "")) for file in root.iter("file")]
    yield from dict.fromkeys([path for path in listed if path in candidates] + candidates)


def _twin_of(path: str) -> str:
    """Return where Canvas writes a quiz a second time, with everything that it knows; "" for other files."""
    folder, name = posixpath.split(path)
    top, quiz = posixpath.split(folder)
    return posixpath.join(top, "non_cc_assessments", f"{quiz}.xml.qti") if name == "assessment_qti.xml" else ""
