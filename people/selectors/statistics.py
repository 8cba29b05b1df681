"""A course's learners for its statistics: those enrolled now, without staff (D28)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from people.models import Enrollment


@dataclass(frozen=True)
class Enrolled:
    learner_id: int
    enrolled_at: datetime


def learners_counted(course_id: int) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.filter(course_id=course_id, role=Enrollment.Role.LEARNER, unenrolled_at=None)
    return rows.filter(user__is_staff=False)


def has_more_learners(course_id: int, number: int) -> bool:
    """Return whether the course has more than `number` learners. Counts no further than that."""
    return learners_counted(course_id)[: number + 1].count() > number


def enrolled_in(course_id: int, learner_ids: Collection[int]) -> list[Enrolled]:
    """Return those of these people who are learners of the course. Runs one query."""
    return _enrolled(learners_counted(course_id).filter(user__in=learner_ids))


def enrolled_in_chunks(course_id: int, size: int) -> Iterator[list[Enrolled]]:
    """Yield all learners, `size` at a time. Runs a query for each chunk, and one more if the last chunk is full."""
    rows, after, is_last = learners_counted(course_id), 0, False
    while not is_last:
        chunk = _enrolled(rows.filter(user__gt=after).order_by("user_id")[:size])
        after, is_last = (chunk[-1].learner_id, len(chunk) < size) if chunk else (after, True)
        yield chunk


def _enrolled(rows: QuerySet[Enrollment]) -> list[Enrolled]:
    return [Enrolled(*row) for row in rows.values_list("user_id", "enrolled_at")]
