"""The results of a search, with their addresses."""

from dataclasses import dataclass

from django.urls import reverse

from lessons.selectors.searching import SearchResult, SearchResults

PAGES = {"lesson": "lesson", "term": "lesson", "lab": "lab"}


@dataclass(frozen=True)
class FoundPlace:
    """A result of a search and its address."""

    result: SearchResult
    url: str


def found_places(found: SearchResults) -> list[FoundPlace]:
    return [FoundPlace(result, _address_of_result(result)) for result in found.results]


def _address_of_result(result: SearchResult) -> str:
    page = reverse(PAGES[result.entry.kind], args=[result.entry.subject])
    return f"{page}#{result.entry.anchor}" if result.entry.anchor else page
