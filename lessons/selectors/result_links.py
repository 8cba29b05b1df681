"""The results of a search, with their addresses."""

from dataclasses import dataclass

from django.urls import reverse

from lessons.models import SearchEntry
from lessons.selectors.searching import PlaceToOpen, SearchResult, SearchResults

PAGES = {"lesson": "lesson", "term": "lesson", "lab": "lab"}


@dataclass(frozen=True)
class ResultLink:
    """A result of a search and its address."""

    result: SearchResult
    url: str


def result_links(results: SearchResults) -> list[ResultLink]:
    return [ResultLink(result, address_of_place(result.entry)) for result in results.results]


def address_of_place(entry: SearchEntry | PlaceToOpen) -> str:
    page = reverse(PAGES[entry.kind], args=[entry.subject])
    return f"{page}#{entry.anchor}" if entry.anchor else page
