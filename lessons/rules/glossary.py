"""A course's glossary: each term with a one-sentence definition and the lesson that teaches it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape

from ruamel.yaml import YAML

from course.rules.sections import PageSection, sections

PATH = "glossary.yaml"
TAG = re.compile(r"<[^>]*>")
MARKED = re.compile(r'<span data-term="([^"]*)"')


@dataclass(frozen=True)
class Term:
    """`lesson` is the lesson's key. From the lesson `links_from` on, lessons link the term by themselves; "" is never."""

    term: str
    lesson: str
    text: str
    links_from: str = ""


@lru_cache(maxsize=16)
def read_terms(source: bytes) -> tuple[Term, ...]:
    """Return the terms of a glossary that has no mistakes."""
    rows = YAML(typ="safe").load(source)["terms"]
    return tuple(Term(row["term"], row["lesson"], row["text"], row.get("links_from", "")) for row in rows)


def linked_terms(terms: Sequence[Term], page: str, reached: Collection[str]) -> list[str]:
    """Return the terms that a lesson explains: those that its author marked there, and those that link by themselves.

    `reached` are the keys of the lessons up to this one. A term links by itself where it is written as in the glossary, or
    with a capital; whether this capital begins a sentence, the page decides.
    """
    marked, text = marked_terms(page), " ".join(TAG.sub("", page).split())
    return [
        row.term
        for row in terms
        if row.term in marked or (row.links_from in reached and (row.term in text or capitalized(row.term) in text))
    ]


def marked_terms(page: str) -> frozenset[str]:
    """Return the terms that the author of a page marked."""
    return frozenset(map(unescape, MARKED.findall(page)))


def capitalized(term: str) -> str:
    """Return the term as it begins a sentence."""
    return term[:1].upper() + term[1:]


def term_written(word: str, terms: Collection[str]) -> str | None:
    """Return the term that an author means by a word: as the glossary writes it, with a capital, or its plural."""
    singular = word.removesuffix("s")
    spelled = {written: term for term in terms for written in (capitalized(term), term)}
    return spelled.get(word) or spelled.get(singular)


def anchor_of(term: str, page: str) -> str:
    """Return the anchor of the section that sets the term in bold, or else mentions it first. "" means the page itself."""
    return anchor_in(term, sections(page))


def anchor_in(term: str, parts: Sequence[PageSection]) -> str:
    """Return the same for a page that was split at its headings."""
    word = term.casefold()
    begins = (f"<strong>{word}", f'<strong><span data-term="{escape(word)}"')
    bold = (part.anchor for part in parts if any(begin in part.html.casefold() for begin in begins))
    mentioned = (part.anchor for part in parts if word in part.text.casefold())
    return next(bold, "") or next(mentioned, "")
