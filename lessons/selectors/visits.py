"""The lessons that a reader has opened and read."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Coalesce, Greatest

from course.selectors.published import TEXT
from course.selectors.snapshots import published
from foundation.fast.prepared import PreparedQuery
from lessons.models import LessonVisit
from lessons.rules.reading import Visit


def visits_query(user_id: int) -> QuerySet[Any, Any]:
    """Return a reader's visits, each as the lesson's id and the values of a `Visit`."""
    rows = LessonVisit.objects.filter(user_id=user_id)
    return rows.values_list("lesson_id", "opened_at", "done_at", "section", "seen_at")


VISITS = PreparedQuery(visits_query, user_id=int)


def visits_of_reader(user_id: int) -> dict[str, Visit]:
    """Return this reader's visits by lesson, in every course. Runs one query."""
    return {lesson_id: Visit(*values) for lesson_id, *values in VISITS(user_id=user_id)}


def visits_in(course_id: int, user_id: int) -> dict[str, Visit]:
    """Return a reader's visits by lesson, of the lessons that the course has now."""
    visits = visits_of_reader(user_id)
    return {lesson.pk: visits[lesson.pk] for lesson in published(course_id)[TEXT].in_outline if lesson.pk in visits}


def reading_in(course_id: int, learner_ids: Collection[int]) -> dict[int, dict[str, datetime]]:
    """Return when each learner last opened or finished a lesson of each module, by learner and module. Runs one query."""
    rows = LessonVisit.objects.filter(user__in=learner_ids, lesson__module__course_id=course_id)
    last = Max(Greatest("opened_at", Coalesce("done_at", "opened_at")))
    reading: dict[int, dict[str, datetime]] = {}
    for learner_id, module_id, at in rows.values_list("user_id", "lesson__module_id").annotate(last=last).order_by():
        reading.setdefault(learner_id, {})[module_id] = at
    return reading


def readers_by_lesson(course_id: int) -> dict[str, int]:
    """Return how many readers have opened each lesson, by the lesson's key. Runs one query."""
    rows = LessonVisit.objects.filter(lesson__module__course_id=course_id).values_list("lesson__key")
    return dict(rows.annotate(Count("user", distinct=True)).order_by())
