"""The results of a search, with their addresses."""

from dataclasses import dataclass

from django.urls import reverse

from lessons.selectors.searching import SearchResult, SearchResults

PAGES = {"lesson": "lesson", "term": "lesson", "lab": "lab"}


@dataclass(frozen=True)
class ResultLink:
    """A result of a search and its address."""

    result: SearchResult
    url: str


def result_links(results: SearchResults) -> list[ResultLink]:
    return [ResultLink(result, _address_of_result(result)) for result in results.results]


def _address_of_result(result: SearchResult) -> str:
    page = reverse(PAGES[result.entry.kind], args=[result.entry.subject])
    return f"{page}#{result.entry.anchor}" if result.entry.anchor else page
