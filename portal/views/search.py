from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from course.selectors import find_in_lessons, terms_of


def search(request: HttpRequest) -> HttpResponse:
    """Lessons that hold every word; of those that take an account, strangers see none."""
    words = request.GET.get("q", "").strip()[:100]
    hits = find_in_lessons(words, is_reader=request.user.is_authenticated) if words else []
    return render(request, "portal/search.html", {"section": "search", "words": words, "hits": hits})


def glossary(request: HttpRequest) -> HttpResponse:
    """Every term of the courses' glossaries by its first letter, with the lesson that teaches it."""
    terms = terms_of(is_reader=request.user.is_authenticated)
    letters = [(letter, list(rows)) for letter, rows in groupby(terms, key=lambda row: row[0].term[0].upper())]
    return render(request, "portal/glossary.html", {"letters": letters})
