"""What a lesson's text says about a word: the section that speaks of it, and the terms that it introduces."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HEADING = re.compile(r"<h[23] id=\"([^\"]+)\">(.*?)</h[23]>", re.DOTALL)
PARAGRAPH = re.compile(r"<(p|li)>(.*?)</\1>", re.DOTALL)
STRONG = re.compile(r"<strong>(.*?)</strong>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
APART = re.compile(r"<(math|svg|pre)\b.*?</\1>|<figure class=\"code\".*?</figure>", re.DOTALL)
LISTING = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
CALLOUT = re.compile(r"<div class=\"note.*?</div></div>", re.DOTALL)
MATH = re.compile(r"<math\b.*?</math>", re.DOTALL)
HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"  # stands for a formula while sentences are told apart
SPACE = re.compile(r"\s+")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“])")
POINTS_BACK = re.compile(r"(This|That|These|It)\b")  # what such a sentence speaks of stands in the one before
AROUND = 90
LONGEST_TERM = 5  # words


@dataclass(frozen=True)
class Section:
    """A stretch of a lesson under one heading; `anchor` and `title` are empty before the first."""

    anchor: str
    title: str
    text: str
    code: str
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
    """A term in bold and the sentence that introduces it, as HTML because it may hold formulas."""

    term: str
    sentence: str
    anchor: str


def sections(page: str) -> list[Section]:
    """The page's HTML, cut at its headings."""
    first, *rest = HEADING.split(page)
    found = [section("", "", first)]
    for anchor, title, body in zip(rest[0::3], rest[1::3], rest[2::3], strict=True):
        found.append(section(anchor, plain(title), body))
    return found


def section(anchor: str, title: str, body: str) -> Section:
    code = " ".join(html.unescape(TAG.sub("", listing[0])) for listing in LISTING.finditer(body))
    return Section(anchor, title, plain(body), code, body)


def plain(written: str) -> str:
    """Text without markup, formulas and listings."""
    without = TAG.sub(" ", APART.sub(" ", written))
    return re.sub(r"\s+([,.;:)])", r"\1", SPACE.sub(" ", html.unescape(without))).strip()


def find(words: Sequence[str], title: str, page: str) -> Found | None:
    """The best section for these words, all of which must stand somewhere in title or text; None if they do not."""
    parts = sections(page)
    whole = " ".join([title, *(f"{part.title} {part.text} {part.code}" for part in parts)]).casefold()
    if not all(word.casefold() in whole for word in words):
        return None
    weights = [weight(words, part) for part in parts]
    best = parts[weights.index(max(weights))]
    return Found(best.anchor, best.title, excerpt(words, best.text), max(weights) + 20 * hits(words, title))


def weight(words: Sequence[str], part: Section) -> int:
    return 8 * hits(words, part.title) + 2 * hits(words, part.text) + hits(words, part.code)


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
    """Every term that a paragraph of the page sets in bold, with its first sentence.

    Bold that ends with a full stop is a title that runs into its paragraph, and so is bold in a callout.
    """
    found: dict[str, Term] = {}
    for part in sections(CALLOUT.sub(" ", page)):
        for paragraph in PARAGRAPH.finditer(part.html):
            for strong in STRONG.finditer(paragraph[2]):
                term = plain(strong[1])
                if is_term(term) and "<math" not in strong[1]:
                    found.setdefault(term.casefold(), Term(term, sentence_with(term, paragraph[2]), part.anchor))
    return list(found.values())


def is_term(text: str) -> bool:
    return bool(text) and text[-1] not in ".:?!," and len(text.split()) <= LONGEST_TERM


def sentence_with(term: str, paragraph: str) -> str:
    """The paragraph's sentence that holds the term; its formulas are kept as they are."""
    formulas = iter(MATH.findall(paragraph))
    written = [re.sub(HOLE, lambda _: next(formulas), html.escape(each)) for each in sentences(paragraph)]
    place = next((at for at, each in enumerate(written) if html.escape(term) in each), None)
    return " ".join(written) if place is None else " ".join(written[begin(written, place) : place + 1])


def begin(written: Sequence[str], place: int) -> int:
    """Where a sentence begins to be understood: at the one before, if it only points to that."""
    return max(0, place - 1) if POINTS_BACK.match(written[place]) else place


def sentences(paragraph: str) -> list[str]:
    text = TAG.sub("", MATH.sub(HOLE, paragraph))
    return SENTENCE_END.split(SPACE.sub(" ", html.unescape(text)).strip())
