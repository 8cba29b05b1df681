from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from course.selectors import published_lesson
from lessons.rules.searching import LONGEST_QUERY
from lessons.selectors import result_links, search_content, term_in, terms_of
from people.access import can_read_all_lessons, courses_unseen, refuse_to_show


def search(request: HttpRequest) -> HttpResponse:
    """Show the places that contain every word. Visitors find only what needs no account."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    reader = {"is_reader": can_read_all_lessons(request.user), "unseen": courses_unseen(request.user)}
    results = search_content(words, now=request.now, reader_id=request.user.pk, **reader)
    context = {"section": "search", "words": words, "found": results, "places": result_links(results)}
    return render(request, "lessons/search.html", context)


def glossary(request: HttpRequest) -> HttpResponse:
    """Show all terms of the courses' glossaries by first letter, with the lesson that teaches each."""
    reader = {"is_reader": can_read_all_lessons(request.user), "unseen": courses_unseen(request.user)}
    terms = terms_of(now=request.now, **reader)
    letters = [(letter, list(rows)) for letter, rows in groupby(terms, key=lambda row: row[0].term[0].upper())]
    return render(request, "lessons/glossary.html", {"letters": letters})


@require_safe
def term(request: HttpRequest, lesson_id: str) -> HttpResponse:
    """Answer with the definition of one term, for a lesson that shows it beside the word."""
    course = published_lesson(lesson_id).module.course
    refuse_to_show(request.user, course)
    is_reader, word = can_read_all_lessons(request.user), request.GET.get("term", "")
    defined, lesson, anchor = term_in(course.pk, word, is_reader=is_reader, now=request.now)
    return render(request, "lessons/definition.html", {"term": defined, "lesson": lesson, "anchor": anchor})
