from lessons.selectors.reading import term_in, terms_in, terms_of, terms_taught
from lessons.selectors.result_links import address_of_place, result_links
from lessons.selectors.searching import PlaceToOpen, SearchResult, SearchResults, places_to_open, search_content
from lessons.selectors.study_notes import (
    noted_lesson,
    notes_as_markdown,
    notes_in_course,
    notes_in_lesson,
    placed_notes,
)
from lessons.selectors.visits import readers_by_lesson, reading_in, visits_in, visits_of_reader, visits_query

__all__ = [
    "PlaceToOpen",
    "SearchResult",
    "SearchResults",
    "address_of_place",
    "noted_lesson",
    "notes_as_markdown",
    "notes_in_course",
    "notes_in_lesson",
    "placed_notes",
    "places_to_open",
    "readers_by_lesson",
    "reading_in",
    "result_links",
    "search_content",
    "term_in",
    "terms_in",
    "terms_of",
    "terms_taught",
    "visits_in",
    "visits_of_reader",
    "visits_query",
]
