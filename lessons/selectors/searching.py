"""Find places in the courses' content with the full-text search of the database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from foundation.fulltext import ranked
from lessons.models import SearchEntry, SearchWord
from lessons.rules.searching import (
    Excerpt,
    KnownWord,
    SearchTerm,
    closest_word,
    excerpt,
    misspelt,
    search_terms,
    with_words_replaced,
    words_in,
)
from people.selectors import activities_to_open

MOST_RESULTS = 40


@dataclass(frozen=True)
class SearchResult:
    """A place that was found, with an excerpt that shows why. `entry` has its module and course."""

    entry: SearchEntry
    excerpt: Excerpt


@dataclass(frozen=True)
class PlaceToOpen:
    """A place that a search can find, without its text: a section of a lesson, a step of a lab, or a term."""

    kind: str
    subject: str
    title: str
    section: str
    anchor: str


@dataclass(frozen=True)
class SearchResults:
    """The places that match `query`, best first. `corrected` is the query that was used if the one asked for has a typo."""

    query: str
    results: tuple[SearchResult, ...] = ()
    corrected: str = ""

    @property
    def is_cut(self) -> bool:
        return len(self.results) == MOST_RESULTS


def search_content(
    query: str, *, is_reader: bool, now: datetime, unseen: Collection[int] = (), reader_id: int | None = None
) -> SearchResults:
    """Return the places that contain every word of the query, for somebody with an account or for a visitor (D28).

    Only places that have opened, also for the reader's groups, are found, and none in the courses `unseen`, which do not
    exist for this person.

    If nothing matches, words that occur nowhere are replaced by the closest word that this person may read. Runs at
    most three queries, whatever the size of the courses.
    """
    readable = _readable_entries(is_reader, now, reader_id).exclude(course__in=unseen)
    results = _matching(query, readable)
    if results:
        return SearchResults(query, results)
    corrected = _respelt(query, is_reader, unseen)
    if not corrected:
        return SearchResults(query)
    results = _matching(corrected, readable)
    return SearchResults(query, results, corrected if results else "")


def _readable_entries(is_reader: bool, now: datetime, reader_id: int | None) -> QuerySet[SearchEntry]:
    rows = SearchEntry.objects.select_related("module", "course").defer("heading", "body", "course__source")
    rows = rows.exclude(module__opens_at__gt=now)
    rows = rows.exclude(~Q(is_open=True, kind__in=["lesson", "term"]), course__opens_at__gt=now)
    if reader_id is not None:
        for unopened in activities_to_open(reader_id, now):
            rows = rows.exclude(kind="lab", subject__in=unopened)
    return rows if is_reader else rows.filter(is_open=True)


def places_to_open(
    course_id: int, *, is_reader: bool, now: datetime, reader_id: int | None = None
) -> list[PlaceToOpen]:
    """Return every place of a course that a search can find for this reader, in the course's order. Runs one query."""
    rows = _readable_entries(is_reader, now, reader_id).filter(course=course_id).order_by("pk").select_related(None)
    return [PlaceToOpen(*row) for row in rows.values_list("kind", "subject", "title", "section", "anchor")]


def _matching(query: str, readable: QuerySet[SearchEntry]) -> tuple[SearchResult, ...]:
    terms = search_terms(query)
    if not terms:
        return ()
    entries = list(ranked(readable, terms)[:MOST_RESULTS])
    wanted = words_in(query)
    entries.sort(key=lambda entry: not _is_called(entry, wanted))
    return tuple(SearchResult(entry, _excerpt_of(entry, terms)) for entry in entries)


def _is_called(entry: SearchEntry, wanted: list[str]) -> bool:
    return wanted in (words_in(entry.title), words_in(entry.section))


def _excerpt_of(entry: SearchEntry, terms: tuple[SearchTerm, ...]) -> Excerpt:
    return excerpt(terms, entry.text, entry.code, entry.formulas)


def _respelt(query: str, is_reader: bool, unseen: Collection[int]) -> str:
    rows = SearchWord.objects.all() if is_reader else SearchWord.objects.filter(is_open=True)
    rows = rows.exclude(course__in=unseen)
    vocabulary = [KnownWord(*row) for row in rows.values_list("word", "spelling", "count")]
    wrong = misspelt(query, (known.word for known in vocabulary))
    corrections = {word: close for word in wrong if (close := closest_word(word, vocabulary))}
    return with_words_replaced(query, corrections) if corrections else ""
