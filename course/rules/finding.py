"""What a lesson's text says about a word: the section that speaks of it, and the terms that it introduces."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HEADING = re.compile(r"<h[23] id=\"([^\"]+)\">(.*?)</h[23]>", re.DOTALL)
PARAGRAPH = re.compile(r"<(p|li)>(.*?)</\1>", re.DOTALL)
STRONG = re.compile(r"<strong>(.*?)</strong>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
MATH_OR_LISTING = re.compile(r"<(math|svg|pre)\b.*?</\1>", re.DOTALL)
SPACE = re.compile(r"\s+")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“])")
AROUND = 90


@dataclass(frozen=True)
class Section:
    """A stretch of a lesson under one heading; `anchor` and `title` are empty before the first."""

    anchor: str
    title: str
    text: str
    html: str


@dataclass(frozen=True)
class Found:
    """Where the words stand: pieces of the excerpt, every second one a found word; `weight` orders the results."""

    anchor: str
    section: str
    pieces: tuple[str, ...]
    weight: int


@dataclass(frozen=True)
class Term:
    """A term in bold and the sentence that introduces it."""

    term: str
    sentence: str
    anchor: str


def sections(page: str) -> list[Section]:
    """The page's HTML, cut at its headings."""
    parts = HEADING.split(page)
    found = [Section("", "", plain(parts[0]), parts[0])]
    for anchor, title, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        found.append(Section(anchor, plain(title), plain(body), body))
    return found


def plain(written: str) -> str:
    """Text without markup and formulas."""
    without = TAG.sub(" ", MATH_OR_LISTING.sub(" ", written))
    return re.sub(r"\s+([,.;:)])", r"\1", SPACE.sub(" ", html.unescape(without))).strip()


def find(words: Sequence[str], title: str, page: str) -> Found | None:
    """The best section for these words, all of which must stand somewhere in title or text; None if they do not."""
    parts = sections(page)
    whole = " ".join([title, *(f"{part.title} {part.text}" for part in parts)]).casefold()
    if not all(word.casefold() in whole for word in words):
        return None
    weights = [weight(words, part) for part in parts]
    best = parts[weights.index(max(weights))]
    return Found(best.anchor, best.title, excerpt(words, best.text), max(weights) + 20 * hits(words, title))


def weight(words: Sequence[str], part: Section) -> int:
    return 8 * hits(words, part.title) + hits(words, part.text)


def hits(words: Sequence[str], text: str) -> int:
    folded = text.casefold()
    return sum(min(folded.count(word.casefold()), 5) for word in words)


def excerpt(words: Sequence[str], text: str) -> tuple[str, ...]:
    """Some text around the first found word, split so that every second piece is a found word."""
    pattern = re.compile("|".join(f"({re.escape(word)})" for word in words), re.IGNORECASE)
    first = pattern.search(text)
    start = max(0, (first.start() if first else 0) - AROUND)
    start = text.find(" ", start) + 1 if start else 0
    end = start + 3 * AROUND
    stop = end if len(text) <= end else text.rfind(" ", start, end)
    cut = ("… " if start else "") + text[start:stop] + ("" if len(text) <= end else " …")
    return tuple(pieces(pattern, cut))


def pieces(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    place = 0
    for match in pattern.finditer(text):
        yield text[place : match.start()]
        yield match[0]
        place = match.end()
    yield text[place:]


def terms(page: str) -> list[Term]:
    """Every term that a paragraph of the page sets in bold, with its first sentence."""
    found: dict[str, Term] = {}
    for part in sections(page):
        for paragraph in PARAGRAPH.finditer(part.html):
            for strong in STRONG.finditer(paragraph[2]):
                term = plain(strong[1]).strip(" .:,")
                if term and "<math" not in strong[1]:
                    found.setdefault(term.casefold(), Term(term, sentence_with(term, plain(paragraph[2])), part.anchor))
    return list(found.values())


def sentence_with(term: str, text: str) -> str:
    return next((each for each in SENTENCE_END.split(text) if term in each), text)
