"""The name on a certificate, which its learner may choose until it is issued (D19)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from grading.services.settling import settle_grades
from people.access import refuse_unless_enrolled
from people.services import lock_enrollment, rename


@transaction.atomic
def name_certificate(*, learner_id: int, course_id: int, name: str, now: datetime) -> None:
    """Set the name for a certificate that is not issued yet, under the lock that issuing takes (D19).

    One that the learner may not know of yet (D33) is not refused either, because the refusal would tell.

    Raises Refusal not_enrolled, name_fixed.
    """
    enrollment = refuse_unless_enrolled(lock_enrollment(learner_id=learner_id, course_id=course_id))
    is_fixed = bool(courses_with_fixed_name(learner_id, [course_id], now=now))
    rename(enrollment=enrollment, name=name, is_fixed=is_fixed)


def courses_with_fixed_name(learner_id: int, course_ids: Iterable[int], *, now: datetime) -> set[int]:
    """Return those of these courses in which the learner knows of a certificate, whose name can no longer change.

    A certificate of which the learner may not know yet (D33) takes no other work than none, or the time would tell. Each
    course is settled alone: a caller that holds one enrollment may lock no other by settling.
    """
    settled = {pk: settle_grades(now=now, learner_id=learner_id, course_id=pk) for pk in course_ids}
    grades = {pk: of_course.grade_shown(learner_id, pk) for pk, of_course in settled.items()}
    return {pk for pk, grade in grades.items() if grade.is_certified or grade.is_revoked}
