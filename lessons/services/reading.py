from datetime import datetime

from accounts.models import User
from course.models import Lesson
from course.rules.sections import titled_parts
from lessons.models import LessonVisit
from lessons.refusals import Refusal
from people.access import refuse_archived


def open_lesson(*, user: User, lesson: Lesson, now: datetime) -> None:
    """Record that `user` opened this lesson."""
    LessonVisit.objects.get_or_create(user=user, lesson=lesson, defaults={"opened_at": now})


def remember_section(*, user: User, lesson: Lesson, section: str) -> None:
    """Record which section of a lesson `user` saw last, so that they continue there. Without a visit, this changes nothing.

    Raises Refusal course_archived, and not_found for a section that the lesson does not have.
    """
    refuse_archived(lesson.module.course)
    if section and section not in titled_parts(lesson.html):
        raise Refusal("not_found")
    LessonVisit.objects.filter(user=user, lesson=lesson).exclude(section=section).update(section=section)


def mark_lesson_done(*, user: User, lesson: Lesson, now: datetime) -> LessonVisit:
    """Record that the end was reached. Only the first time counts. Raises Refusal course_archived."""
    refuse_archived(lesson.module.course)
    visit, _ = LessonVisit.objects.get_or_create(user=user, lesson=lesson, defaults={"opened_at": now})
    if visit.done_at is None:
        visit.done_at = now
        visit.save(update_fields=["done_at"])
    return visit
