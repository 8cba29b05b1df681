from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from course.access import can_read_all_lessons
from course.selectors import find_in_lessons, terms_of


def search(request: HttpRequest) -> HttpResponse:
    """Show the lessons that contain every word. Visitors find only lessons that need no account."""
    words = request.GET.get("q", "").strip()[:100]
    hits = find_in_lessons(words, is_reader=can_read_all_lessons(request.user), now=request.now) if words else []
    return render(request, "portal/search.html", {"section": "search", "words": words, "hits": hits})


def glossary(request: HttpRequest) -> HttpResponse:
    """Show all terms of the courses' glossaries by first letter, with the lesson that teaches each."""
    terms = terms_of(is_reader=can_read_all_lessons(request.user))
    letters = [(letter, list(rows)) for letter, rows in groupby(terms, key=lambda row: row[0].term[0].upper())]
    return render(request, "portal/glossary.html", {"letters": letters})
