from django.db import transaction

from course.access import refuse_unless_enrolled
from course.services import lock_enrollment, rename
from grading.selectors import certificate_of


@transaction.atomic
def name_certificate(*, learner_id: int, course_id: int, name: str) -> None:
    """Set the name for a certificate that is not issued yet, under the lock that issuing takes (D19).

    Raises Refusal not_enrolled, name_fixed.
    """
    enrollment = lock_enrollment(learner_id=learner_id, course_id=course_id)
    refuse_unless_enrolled(enrollment)
    rename(enrollment=enrollment, name=name, is_fixed=certificate_of(learner_id, course_id) is not None)
