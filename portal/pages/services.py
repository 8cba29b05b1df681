from datetime import datetime

from django.db import transaction

from course.access import refuse_unless_enrolled
from course.services import lock_enrollment, rename
from grading.selectors import courses_with_certificate
from quizzes.services import settle_grades


@transaction.atomic
def name_certificate(*, learner_id: int, course_id: int, name: str, now: datetime) -> None:
    """Set the name for a certificate that is not issued yet, under the lock that issuing takes (D19).

    One that the learner may not know of yet (D33) is not refused either, because the refusal would tell.

    Raises Refusal not_enrolled, name_fixed.
    """
    enrollment = lock_enrollment(learner_id=learner_id, course_id=course_id)
    refuse_unless_enrolled(enrollment)
    is_fixed = bool(courses_with_fixed_name(learner_id, now=now, course_id=course_id))
    rename(enrollment=enrollment, name=name, is_fixed=is_fixed)


def courses_with_fixed_name(learner_id: int, *, now: datetime, course_id: int | None = None) -> set[int]:
    """Return the ids of the courses in which the learner knows of a certificate, whose name can no longer change.

    With `course_id`, it looks at this course alone: whoever holds one enrollment may lock no other by settling.
    """
    certified = {each for each in courses_with_certificate(learner_id) if course_id in {None, each}}
    if not certified:
        return set()
    grades = settle_grades(now=now, learner_id=learner_id, course_id=course_id)
    return {each for each in certified if grades.knows_certificate(learner_id, each)}
