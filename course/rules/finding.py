"""Find the section of a lesson that matches a search."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HEADING = re.compile(r"<h[23] id=\"([^\"]+)\">(.*?)</h[23]>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
APART = re.compile(r"<(math|svg|pre)\b.*?</\1>|<figure data-code\b.*?</figure>", re.DOTALL)
LISTING = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
SPACE = re.compile(r"\s+")
AROUND = 90


@dataclass(frozen=True)
class LessonSection:
    """The part of a lesson under one heading. `anchor` and `title` are empty before the first heading."""

    anchor: str
    title: str
    text: str
    code: str
    html: str


@dataclass(frozen=True)
class SearchHit:
    """A search result. Every second piece of `excerpt` is a found word; results are sorted by `weight`."""

    anchor: str
    section: str
    pieces: tuple[str, ...]
    weight: int


def sections(page: str) -> list[LessonSection]:
    """Split the page's HTML at its headings."""
    first, *rest = HEADING.split(page)
    found = [section("", "", first)]
    for anchor, title, body in zip(rest[0::3], rest[1::3], rest[2::3], strict=True):
        found.append(section(anchor, searchable_text(title), body))
    return found


def section(anchor: str, title: str, body: str) -> LessonSection:
    """Return a section; its listings count as code, not as text."""
    code = " ".join(html.unescape(TAG.sub("", listing[0])) for listing in LISTING.finditer(body))
    return LessonSection(anchor, title, searchable_text(body), code, body)


def searchable_text(written: str) -> str:
    """Return the text without markup, formulas and listings."""
    without = TAG.sub(" ", APART.sub(" ", written))
    return re.sub(r"\s+([,.;:)])", r"\1", SPACE.sub(" ", html.unescape(without))).strip()


def find(words: Sequence[str], title: str, page: str) -> SearchHit | None:
    """Return the best section for these words, or None unless the title or text contains every word."""
    parts = sections(page)
    whole = " ".join([title, *(f"{part.title} {part.text} {part.code}" for part in parts)]).casefold()
    if not all(word.casefold() in whole for word in words):
        return None
    weights = [weight(words, part) for part in parts]
    best = parts[weights.index(max(weights))]
    return SearchHit(best.anchor, best.title, excerpt(words, best.text), max(weights) + 20 * hits(words, title))


def weight(words: Sequence[str], part: LessonSection) -> int:
    """Return how well a section matches: a hit weighs 8 in the title, 2 in the text and 1 in the code."""
    return 8 * hits(words, part.title) + 2 * hits(words, part.text) + hits(words, part.code)


def hits(words: Sequence[str], text: str) -> int:
    """Count the occurrences of the words, ignoring case, at most 5 of each."""
    folded = text.casefold()
    return sum(min(folded.count(word.casefold()), 5) for word in words)


def excerpt(words: Sequence[str], text: str) -> tuple[str, ...]:
    """Return some text around the first found word, split so that every second piece is a found word."""
    pattern = re.compile("|".join(f"({re.escape(word)})" for word in words), re.IGNORECASE)
    first = pattern.search(text)
    start = max(0, (first.start() if first else 0) - AROUND)
    start = text.find(" ", start) + 1 if start else 0
    end = start + 3 * AROUND
    stop = end if len(text) <= end else text.rfind(" ", start, end)
    cut = ("… " if start else "") + text[start:stop] + ("" if len(text) <= end else " …")
    return tuple(pieces(pattern, cut))


def pieces(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield the text before each match and the match, in turn, and finally the rest."""
    place = 0
    for match in pattern.finditer(text):
        yield text[place : match.start()]
        yield match[0]
        place = match.end()
    yield text[place:]
