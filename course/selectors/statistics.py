"""A course's learners for its statistics: those enrolled now, staff left out (D28)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Coalesce, Greatest

from course.models import Enrollment, LessonVisit


@dataclass(frozen=True)
class Enrolled:
    learner_id: int
    username: str
    name: str
    enrolled_at: datetime


def learners_counted(course_id: int) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.filter(course_id=course_id, role=Enrollment.Role.LEARNER, unenrolled_at=None)
    return rows.filter(user__is_staff=False)


def enrolled_in(course_id: int) -> list[Enrolled]:
    """By name: one statement."""
    rows = learners_counted(course_id).order_by("name", "user_id")
    return [Enrolled(*row) for row in rows.values_list("user_id", "user__username", "name", "enrolled_at")]


def reading_in(course_id: int) -> dict[int, datetime]:
    """By learner, when they last opened or finished a lesson: one statement."""
    rows = LessonVisit.objects.filter(lesson__module__course_id=course_id)
    last = Max(Greatest("opened_at", Coalesce("done_at", "opened_at")))
    return dict(rows.values_list("user_id").annotate(last=last).order_by())


def readers_by_module(course_id: int) -> dict[str, int]:
    """How many of the learners opened a lesson of each module: one statement."""
    rows = LessonVisit.objects.filter(
        lesson__module__course_id=course_id, user__in=learners_counted(course_id).values("user")
    )
    counts = rows.values_list("lesson__module_id").annotate(readers=Count("user", distinct=True)).order_by()
    return dict(counts)
