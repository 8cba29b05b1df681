from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lessons.rules.searching import LONGEST_QUERY
from lessons.selectors import result_links, search_content, terms_of
from people.access import can_read_all_lessons, courses_unseen


def search(request: HttpRequest) -> HttpResponse:
    """Show the places that contain every word. Visitors find only what needs no account."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    reader = {"is_reader": can_read_all_lessons(request.user), "unseen": courses_unseen(request.user)}
    results = search_content(words, now=request.now, **reader)
    context = {"section": "search", "words": words, "found": results, "places": result_links(results)}
    return render(request, "lessons/search.html", context)


def glossary(request: HttpRequest) -> HttpResponse:
    """Show all terms of the courses' glossaries by first letter, with the lesson that teaches each."""
    reader = {"is_reader": can_read_all_lessons(request.user), "unseen": courses_unseen(request.user)}
    terms = terms_of(now=request.now, **reader)
    letters = [(letter, list(rows)) for letter, rows in groupby(terms, key=lambda row: row[0].term[0].upper())]
    return render(request, "lessons/glossary.html", {"letters": letters})
