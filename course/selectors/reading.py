from collections.abc import Iterable

from django.db.models import F, FilteredRelation, Q, QuerySet, Value
from django.db.models.fields import DateTimeField
from django.utils.html import escape

from course.models import CourseFile, Lesson
from course.rules.finding import Found, find
from course.rules.glossary import PATH, Term, place_of, read_terms

TEXTS = ("source", "html", "listings", "contents", "objectives")


def lessons_of(course_ids: Iterable[int], user_id: int | None) -> list[Lesson]:
    """The lessons of these courses in order, module at hand, texts left out: one statement.

    Each has `opened_at` and `done_at` of this reader, None for a stranger.
    """
    rows = Lesson.objects.filter(
        module__course__in=list(course_ids), is_retired=False, module__is_retired=False
    ).select_related("module")
    ordered = rows.defer(*TEXTS).order_by("module__course", "module__position", "module", "position", "pk")
    return list(with_visits(ordered, user_id))


def with_visits(lessons: QuerySet[Lesson], user_id: int | None) -> QuerySet[Lesson]:
    if user_id is None:
        never = Value(None, output_field=DateTimeField())
        return lessons.annotate(opened_at=never, done_at=never)
    mine = FilteredRelation("visits", condition=Q(visits__user_id=user_id))
    return lessons.annotate(mine=mine).annotate(opened_at=F("mine__opened_at"), done_at=F("mine__done_at"))


def readable(is_reader: bool) -> QuerySet[Lesson]:
    """Lessons whose text may be shown: strangers have the open ones (D28)."""
    rows = Lesson.objects.filter(is_retired=False, module__is_retired=False).select_related("module__course")
    return (rows if is_reader else rows.filter(is_open=True)).defer("source", "listings", "contents")


def find_in_lessons(words: str, *, is_reader: bool) -> list[tuple[Lesson, Found]]:
    """Lessons that hold every word, the best first: one statement."""
    wanted = words.split()[:8]
    rows = readable(is_reader)
    for word in wanted:
        rows = rows.filter(Q(title__icontains=word) | Q(html__icontains=escape(word)))
    hits = [(lesson, found) for lesson in rows if (found := find(wanted, lesson.title, lesson.html))]
    return sorted(hits, key=lambda hit: -hit[1].weight)


def terms_of(*, is_reader: bool) -> list[tuple[Term, Lesson, str]]:
    """The glossaries' terms in the alphabet's order, each with its lesson, where that may be read, and the anchor there.

    Two statements, whatever the number of terms.
    """
    lessons = {(lesson.module.course_id, lesson.key): lesson for lesson in readable(is_reader)}
    files = CourseFile.objects.filter(path=PATH).values_list("course_id", "content")
    terms = [(course_id, term) for course_id, content in files for term in read_terms(bytes(content))]
    found = [(term, lessons[key]) for course_id, term in terms if (key := (course_id, term.lesson)) in lessons]
    ordered = sorted(found, key=lambda row: row[0].term.casefold())
    return [(term, lesson, place_of(term.term, lesson.html)) for term, lesson in ordered]
