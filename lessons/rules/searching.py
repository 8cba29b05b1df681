"""What a search means: the words of a text and of a query, an excerpt that shows the match, and the closest known word.

Both databases index the words that `words_in` returns, so a search finds the same on either one.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

from course.rules.sections import FIRST_MARK, MOST_FORMULAS, PageSection, formula_read, with_formulas_read
from lessons.rules.glossary import Term

WORD = re.compile(r"[^\W_]+")
MARKS = f"{chr(FIRST_MARK)}-{chr(FIRST_MARK + MOST_FORMULAS)}"
MARK = re.compile(f"([{MARKS}])")
QUOTED = re.compile(r'["“”]([^"“”]*)["“”]')
LONGEST_QUERY = 100
LONGEST_WORD = 100  # one character may expand to many letters, and PostgreSQL refuses a word of more than 2,046 bytes
MOST_TERMS = 8
AROUND = 90
SHORTEST_PREFIX = 3  # a shorter word is found only whole
SHORTEST_MISSPELT = 4
ALIKE = 0.72


@dataclass(frozen=True)
class Findable:
    """A place that a search can find: a section of a lesson, a step of a lab, or a term of the glossary.

    `subject` is the id of the lesson or lab. `text` has a mark for each of the `formulas`, as in a `PageSection`.
    """

    kind: str
    subject: str
    module_id: str
    title: str
    section: str
    anchor: str
    text: str
    code: str
    formulas: tuple[str, ...]
    is_open: bool

    @property
    def heading_words(self) -> str:
        return " ".join(words_in(f"{self.title} {self.section}"))

    @property
    def body_words(self) -> str:
        return " ".join(words_in(f"{with_formulas_read(self.text, self.formulas)}\n{self.code}"))


@dataclass(frozen=True)
class SearchTerm:
    """Words that must follow each other. The last one also matches as the beginning of a word if `is_prefix`."""

    words: tuple[str, ...]
    is_prefix: bool


@dataclass(frozen=True)
class ExcerptPiece:
    """A piece of an excerpt. `kind` is "text", "found" (a match) or "formula" (MathML)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Excerpt:
    """Some text around a match, or a line of code."""

    pieces: tuple[ExcerptPiece, ...]
    is_code: bool = False

    @property
    def plain(self) -> str:
        return "".join(formula_read(piece.text) if piece.kind == "formula" else piece.text for piece in self.pieces)


@dataclass(frozen=True)
class KnownWord:
    """A word of the index, how it is written most often, and how often it occurs."""

    word: str
    spelling: str
    count: int


def findable_lesson(
    *, subject: str, module_id: str, title: str, is_open: bool, parts: Iterable[PageSection]
) -> list[Findable]:
    """Return a lesson's sections. The text before the first heading is found under the lesson's own title."""
    return [
        Findable(
            "lesson", subject, module_id, title, part.title, part.anchor, part.text, part.code, part.formulas, is_open
        )
        for part in parts
        if part.title or part.text or part.code
    ]


def findable_term(*, subject: str, module_id: str, term: Term, anchor: str, is_open: bool) -> Findable:
    """Return a term of the glossary, which leads to the lesson that teaches it."""
    return Findable("term", subject, module_id, term.term, "", anchor, term.text, "", (), is_open)


def words_in(text: str) -> list[str]:
    """Return the words as they are compared: without case, accents, signs and the plural."""
    return [folded_word(word) for word in WORD.findall(text)]


def folded_word(word: str) -> str:
    """Return one word as it is compared."""
    letters = word if word.isascii() and word.isalnum() else _letters_in(word)
    plain = letters.casefold()[:LONGEST_WORD]
    return singular(plain) or plain


def _letters_in(word: str) -> str:
    """Return letters and digits alone. Takes long, and nearly every word of a course has nothing else."""
    return "".join(character for character in unicodedata.normalize("NFKD", word) if character.isalnum())


def singular(word: str) -> str:
    """Return an English word without its plural ending. Only the comparison sees it, so it need not be a word."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "as")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes", "zes")) else word[:-1]


def search_terms(query: str) -> tuple[SearchTerm, ...]:
    """Return the terms of a query: phrases in quotes, and words; `tf.GradientTape` is the words that its signs join."""
    query = query[:LONGEST_QUERY]
    phrases = [SearchTerm(tuple(words), False) for quoted in QUOTED.findall(query) if (words := words_in(quoted))]
    others = [tuple(words) for part in QUOTED.sub(" ", query).split() if (words := words_in(part))]
    terms = [*phrases, *(SearchTerm(words, len(words[-1]) >= SHORTEST_PREFIX) for words in others)]
    return tuple(dict.fromkeys(terms))[:MOST_TERMS]


def known_words(findables: Iterable[Findable]) -> list[KnownWord]:
    """Return the vocabulary of what a search can find, by word."""
    texts = (f"{findable.title} {findable.section} {findable.text} {findable.code}" for findable in findables)
    written: dict[str, Counter[str]] = {}
    for word, count in Counter(word for text in texts for word in WORD.findall(text)).items():
        if len(word) >= SHORTEST_MISSPELT and not word.isnumeric():
            written.setdefault(folded_word(word), Counter())[word] = count
    return [
        KnownWord(word, min(spellings, key=lambda spelling: (-spellings[spelling], spelling)), spellings.total())
        for word, spellings in sorted(written.items())
    ]


def misspelt(query: str, vocabulary: Iterable[str]) -> list[str]:
    """Return the words of a query, as written, with which no known word begins."""
    known = sorted(set(vocabulary))
    words = [word for word in dict.fromkeys(WORD.findall(query[:LONGEST_QUERY])) if len(word) >= SHORTEST_MISSPELT]
    return [word for word in words if not _begins_one(folded_word(word), known)]


def _begins_one(start: str, known: Sequence[str]) -> bool:
    """Return whether one of these sorted words begins so. The first that does not come before `start` is the only candidate."""
    position = bisect_left(known, start)
    return position < len(known) and known[position].startswith(start)


def closest_word(word: str, vocabulary: Sequence[KnownWord]) -> str | None:
    """Return how the known word that is most like `word` is written, or None. Of equally close words, the commonest."""
    wanted, by_word = folded_word(word), {known.word: known for known in vocabulary}
    close = get_close_matches(wanted, by_word, n=5, cutoff=ALIKE)
    ranked = [
        (SequenceMatcher(None, candidate, wanted).ratio(), by_word[candidate].count, candidate) for candidate in close
    ]
    return by_word[max(ranked)[2]].spelling if ranked else None


def with_words_replaced(query: str, corrections: dict[str, str]) -> str:
    return WORD.sub(lambda word: corrections.get(word[0], word[0]), query[:LONGEST_QUERY])


def excerpt(terms: Sequence[SearchTerm], text: str, code: str, formulas: Sequence[str]) -> Excerpt:
    """Return the part of the text, or the line of the code, that contains most of the terms."""
    in_text, in_code = matches_in(terms, text), matches_in(terms, code)
    if len({term for _, _, term in in_code}) > len({term for _, _, term in in_text}):
        lines = [(line.strip(), matches_in(terms, line.strip())) for line in code.splitlines()]
        line, matches = max(lines, key=lambda pair: len({term for _, _, term in pair[1]}), default=("", []))
        return Excerpt(_excerpt_pieces(line, matches, ()), is_code=True)
    start, stop = _window(text, in_text)
    cut = ("… " if start else "") + text[start:stop] + ("" if stop >= len(text) else " …")
    return Excerpt(_excerpt_pieces(cut, matches_in(terms, cut), formulas))


def matches_in(terms: Sequence[SearchTerm], text: str) -> list[tuple[int, int, SearchTerm]]:
    """Return where the terms are, in the order of the text: start, end and term; matches do not overlap."""
    words = [(word.start(), word.end(), folded_word(word[0])) for word in WORD.finditer(text)]
    matches: list[tuple[int, int, SearchTerm]] = []
    position = 0
    while position < len(words):
        term = next((candidate for candidate in terms if _begins(words, position, candidate)), None)
        if term is None:
            position += 1
            continue
        last = position + len(term.words) - 1
        matches.append((words[position][0], words[last][1], term))
        position = last + 1
    return matches


def _begins(words: Sequence[tuple[int, int, str]], position: int, term: SearchTerm) -> bool:
    part = [word for _, _, word in words[position : position + len(term.words)]]
    if len(part) < len(term.words) or part[:-1] != list(term.words[:-1]):
        return False
    return part[-1] == term.words[-1] or (term.is_prefix and part[-1].startswith(term.words[-1]))


def _window(text: str, matches: Sequence[tuple[int, int, SearchTerm]]) -> tuple[int, int]:
    def terms_from(position: int) -> int:
        return len({term for start, end, term in matches if position <= start and end <= position + 2 * AROUND})

    first = max((start for start, _, _ in matches), key=lambda position: (terms_from(position), -position), default=0)
    start = max(0, first - AROUND)
    start = text.find(" ", start) + 1 if start else 0
    end = start + 3 * AROUND
    return start, len(text) if len(text) <= end else max(text.rfind(" ", start, end), start + AROUND)


def _excerpt_pieces(
    text: str, matches: Sequence[tuple[int, int, SearchTerm]], formulas: Sequence[str]
) -> tuple[ExcerptPiece, ...]:
    pieces: list[ExcerptPiece] = []
    position = 0
    for start, end, _ in matches:
        pieces += _with_formulas(text[position:start], formulas)
        pieces.append(ExcerptPiece("found", text[start:end]))
        position = end
    return (*pieces, *_with_formulas(text[position:], formulas))


def _with_formulas(text: str, formulas: Sequence[str]) -> list[ExcerptPiece]:
    pieces = []
    for part in filter(None, MARK.split(text)):
        if MARK.fullmatch(part):
            formula = formulas[ord(part) - FIRST_MARK] if ord(part) - FIRST_MARK < len(formulas) else ""
            pieces.append(ExcerptPiece("formula", formula.replace(' display="block"', "")))
        else:
            pieces.append(ExcerptPiece("text", part))
    return pieces
