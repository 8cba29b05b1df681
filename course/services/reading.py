from datetime import datetime

from course.access import refuse_archived
from course.models import Lesson, LessonVisit, User


def open_lesson(*, user: User, lesson: Lesson, now: datetime) -> None:
    """Record that `user` opened this lesson."""
    LessonVisit.objects.get_or_create(user=user, lesson=lesson, defaults={"opened_at": now})


def mark_lesson_done(*, user: User, lesson: Lesson, now: datetime) -> LessonVisit:
    """Record that the end was reached. Only the first time counts. Raises Refusal course_archived."""
    refuse_archived(lesson.module.course)
    visit, _ = LessonVisit.objects.get_or_create(user=user, lesson=lesson, defaults={"opened_at": now})
    if visit.done_at is None:
        visit.done_at = now
        visit.save(update_fields=["done_at"])
    return visit
