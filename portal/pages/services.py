from datetime import datetime

from django.db import transaction

from course.access import refuse_unless_enrolled
from course.services import lock_enrollment, rename
from grading.selectors import certificate_of
from quizzes.services import settle_grades


@transaction.atomic
def name_certificate(*, learner_id: int, course_id: int, name: str, now: datetime) -> None:
    """Set the name for a certificate that is not issued yet, under the lock that issuing takes (D19).

    One that the learner may not know of yet (D33) is not refused either, because the refusal would tell.

    Raises Refusal not_enrolled, name_fixed.
    """
    enrollment = lock_enrollment(learner_id=learner_id, course_id=course_id)
    refuse_unless_enrolled(enrollment)
    is_fixed = certificate_of(learner_id, course_id) is not None
    if is_fixed:
        grades = settle_grades(now=now, learner_id=learner_id, course_id=course_id)
        is_fixed = grades.knows_certificate(learner_id, course_id)
    rename(enrollment=enrollment, name=name, is_fixed=is_fixed)
