"""The ids that the parts of a course have or once had. A new part gets another one, so that it never becomes an old one again."""

from typing import NamedTuple

from course.selectors import keys_ever_used
from labs.models import Lab
from quizzes.models import Assessment, Question


class UsedIds(NamedTuple):
    """Ids as the course's folder writes them. What was removed from the course is included."""

    modules: frozenset[str]
    lessons: frozenset[str]
    labs: frozenset[str]
    assessments: frozenset[str]
    questions: frozenset[str]


def ids_ever_used(course_id: int) -> UsedIds:
    """Return the ids that a course has ever used. Runs five queries."""
    activities = (
        Lab.objects.filter(course=course_id),
        Assessment.objects.filter(course=course_id),
        Question.objects.filter(assessment__course=course_id),
    )
    keys = (frozenset(rows.order_by().values_list("key", flat=True)) for rows in activities)
    return UsedIds(*keys_ever_used(course_id), *keys)
