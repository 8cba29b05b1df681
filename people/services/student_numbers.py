"""Set the student number of a learner. A number belongs to one person of a course."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from course.models import Course
from people.models import Enrollment
from people.refusals import Refusal
from people.rules.student_numbers import LONGEST_NUMBER, mistake_in_number, number_key, plain_number
from people.selectors.student_numbers import number_holders
from people.services.membership import audit_membership, lock_groups, locked_learner


@transaction.atomic
def set_student_number(*, course: Course, learner_id: int, number: str, author: User, now: datetime) -> Enrollment:
    """Give a learner a student number, or with "" none. The audit names the learner, not the number.

    Raises Refusal not_found, student_number_unfit, student_number_taken.
    """
    lock_groups(course)  # as a class list does, so that two people cannot get one number
    enrollment = locked_learner(course, learner_id)
    number = plain_number(number)
    if mistake_in_number(number):
        raise Refusal("student_number_unfit", most=LONGEST_NUMBER)
    if number != enrollment.student_number:
        if not is_number_free(enrollment, number):
            raise Refusal("student_number_taken", number=number)
        enrollment.student_number = number
        enrollment.save(update_fields=["student_number"])
        audit_membership("set_student_number", enrollment, author, now)
    return enrollment


def give_invited_number(enrollment: Enrollment, number: str) -> None:
    """Give somebody who accepts an invitation its number, unless they have one or it belongs to somebody by now.

    Call it under `lock_groups`.
    """
    if number and not enrollment.student_number and is_number_free(enrollment, number):
        enrollment.student_number = number
        enrollment.save(update_fields=["student_number"])


def is_number_free(enrollment: Enrollment, number: str) -> bool:
    """Return whether nobody else in the course of this enrollment has the number."""
    holder = number_holders(enrollment.course_id).get(number_key(number)) if number else None
    return holder is None or holder.pk == enrollment.pk
