"""Set who sees a course, and archive it, without cutting off learners who sit an exam there."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from course.services import lock_course, write_archived, write_visibility
from people.services import lock_learners
from quizzes.models import Sitting
from quizzes.refusals import Refusal
from quizzes.rules.timing import NO_END

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course


@transaction.atomic
def set_visibility(*, course: "Course", visibility: str, author: "User", now: datetime) -> "Course":
    """Decide who sees the course. A course in which somebody sits an exam cannot be hidden.

    Raises Refusal exams_running or exams_without_end, and ValueError for an unknown visibility.
    """
    if visibility == "hidden" and course.visibility != "hidden":
        refuse_while_exams_run(course_id=course.pk, now=now)
    return write_visibility(course=course, visibility=visibility, author=author, now=now)


@transaction.atomic
def archive_course(*, course: "Course", author: "User", now: datetime) -> "Course":
    """Make the course read-only from now on. What learners submitted before is graded.

    Raises Refusal exams_running, exams_without_end.
    """
    refuse_while_exams_run(course_id=course.pk, now=now)
    return write_archived(course=course, is_archived=True, author=author, now=now)


def reopen_course(*, course: "Course", author: "User", now: datetime) -> "Course":
    """Undo the archiving. Everything is as it was, with the dates of the course."""
    return write_archived(course=course, is_archived=False, author=author, now=now)


def refuse_while_exams_run(*, course_id: int, now: datetime) -> None:
    """Lock the course and everyone in it, which keeps exams from starting until the end of the caller's transaction.

    Raises Refusal exams_running, or exams_without_end if only handing in ends some of them.
    """
    lock_course(course_id=course_id)
    lock_learners(course_id=course_id)
    running = Sitting.objects.all_open_at(now).filter(assessment__course_id=course_id)
    deadlines = running.values_list("latest_deadline_at", "deadline_at")
    ends = [at for latest, deadline in deadlines if (at := latest or deadline) is not None]
    if endless := ends.count(NO_END):
        raise Refusal("exams_without_end", count=endless)
    if ends:
        raise Refusal("exams_running", count=len(ends), last_at=max(ends).isoformat())
