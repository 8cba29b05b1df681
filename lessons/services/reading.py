from datetime import datetime

from accounts.models import User
from course.models import Lesson
from course.rules.sections import titled_parts
from lessons.models import LessonVisit
from lessons.refusals import Refusal
from people.access import refuse_archived


def open_lesson(*, user: User, lesson: Lesson, now: datetime) -> None:
    """Record that `user` opened this lesson."""
    LessonVisit.objects.get_or_create(user=user, lesson=lesson, defaults={"opened_at": now, "seen_at": now})


def remember_section(*, user: User, lesson: Lesson, section: str | None, now: datetime) -> None:
    """Record that `user` is reading a lesson, and in which section, so that they continue there.

    Without a section, the one that they saw before stays. Without a visit, this changes nothing. Raises Refusal
    course_archived, and not_found for a section that the lesson does not have.
    """
    refuse_archived(lesson.module.course)
    if section and section not in titled_parts(lesson.html):
        raise Refusal("not_found")
    seen = {"seen_at": now} if section is None else {"seen_at": now, "section": section}
    LessonVisit.objects.filter(user=user, lesson=lesson).update(**seen)


def mark_lesson_done(*, user: User, lesson: Lesson, now: datetime) -> LessonVisit:
    """Record that the end was reached. Only the first time counts. Raises Refusal course_archived."""
    refuse_archived(lesson.module.course)
    opened = {"opened_at": now, "seen_at": now}
    visit, _ = LessonVisit.objects.get_or_create(user=user, lesson=lesson, defaults=opened)
    if visit.done_at is None:
        visit.done_at = visit.seen_at = now
        visit.save(update_fields=["done_at", "seen_at"])
    return visit
