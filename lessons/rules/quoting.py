"""Find a quoted passage in a lesson again, also in a new edition of it, and write notes down as Markdown."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from course.rules.sections import APART, LISTING

TAG = re.compile(r"<[^>]*>")
SPACE = re.compile(r"\s+")
TICKS = re.compile(r"`+")
SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
LINE_START = re.compile(r"^(\s*)(\d+)?([-+.)])(?=\s)", re.MULTILINE)


@dataclass(frozen=True)
class NoteLine:
    """A note as its owner reads it in a list: `section` is the title of its section, `is_found` whether the lesson
    still has the passage.
    """

    section: str
    quote: str
    text: str
    is_found: bool


def bare_texts(page: str) -> tuple[str, ...]:
    """Return a page's characters without spaces: its text except code and drawings, then the code of each listing. The
    lesson's script compares passages in the same way.
    """
    parts = (APART.sub("", page), *LISTING.findall(page))
    return tuple(SPACE.sub("", html.unescape(TAG.sub("", part))) for part in parts)


def is_quoted(bare: Iterable[str], quote: str) -> bool:
    """Tell whether a page, given by its `bare_texts`, contains a passage; spaces and line breaks do not matter."""
    wanted = SPACE.sub("", quote)
    return any(wanted in part for part in bare)


def notes_in_markdown(title: str, lessons: Iterable[tuple[str, Sequence[NoteLine]]], *, gone: str) -> str:
    """Return a course's notes as Markdown: a heading for each lesson and section, passages as quotations.

    `gone` is what to say of a passage that the lesson no longer has.
    """
    parts = [f"# {as_markdown(title)}"]
    for lesson, notes in lessons:
        parts.append(f"## {as_markdown(lesson)}")
        section = ""
        for note in notes:
            if note.section != section:
                section = note.section
                parts.append(f"### {as_markdown(section)}")
            parts += note_paragraphs(note, gone)
    return "\n\n".join(parts) + "\n"


def note_paragraphs(note: NoteLine, gone: str) -> list[str]:
    """Return a note's paragraphs; a bookmark without a text has none, because its section's heading says everything."""
    paragraphs = [quotation(note.quote)] if note.quote else []
    paragraphs += [f"*{as_markdown(gone)}*"] if not note.is_found else []
    return paragraphs + ([note.text.strip()] if note.text.strip() else [])


def quotation(quote: str) -> str:
    """Return a passage as a quotation. Only a passage of code has several lines, and they stay."""
    if "\n" not in quote.strip():
        return f"> {as_markdown(SPACE.sub(' ', quote).strip())}"
    fence = "`" * (3 + max(map(len, TICKS.findall(quote)), default=0))
    return "\n".join(f"> {line}".rstrip() for line in (fence, *quote.strip("\n").splitlines(), fence))


def as_markdown(text: str) -> str:
    """Return a text so that Markdown shows it as it is. What a learner wrote stays as they wrote it: it may be Markdown."""
    return LINE_START.sub(r"\1\2\\\3", SPECIAL.sub(r"\\\1", text))
