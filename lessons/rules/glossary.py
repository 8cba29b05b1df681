"""A course's glossary: each term with a one-sentence definition and the lesson that teaches it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ruamel.yaml import YAML

from course.rules.sections import PageSection, sections

PATH = "glossary.yaml"


@dataclass(frozen=True)
class Term:
    """`lesson` is the lesson's key."""

    term: str
    lesson: str
    text: str


@lru_cache(maxsize=16)
def read_terms(source: bytes) -> tuple[Term, ...]:
    """Return the terms of a glossary that has no mistakes."""
    rows = YAML(typ="safe").load(source)["terms"]
    return tuple(Term(row["term"], row["lesson"], row["text"]) for row in rows)


def anchor_of(term: str, page: str) -> str:
    """Return the anchor of the section that sets the term in bold, or else mentions it first. "" means the page itself."""
    return anchor_in(term, sections(page))


def anchor_in(term: str, parts: Sequence[PageSection]) -> str:
    """Return the same for a page that was split at its headings."""
    word = term.casefold()
    bold = (part.anchor for part in parts if f"<strong>{word}" in part.html.casefold())
    mentioned = (part.anchor for part in parts if word in part.text.casefold())
    return next(bold, "") or next(mentioned, "")
