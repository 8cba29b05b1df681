"""Instructors open a learner's work in a lab: with a reason, which the audit keeps, and for a working day."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from foundation.reasons import stated
from labs.models import Lab
from labs.refusals import Refusal
from people.access import learner_in
from records.selectors import was_recorded
from records.services import record_audit

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

OPEN_FOR = timedelta(hours=12)
ACTION = "open_lab_work"


def open_lab_work(
    *, course: "Course", lab: Lab, learner_id: int, reason: str, author: "User", now: datetime
) -> datetime:
    """Let an instructor read a learner's code and output in a lab, and record the reason. Return until when.

    Raises Refusal not_found, reason_missing, reason_unfit.
    """
    reason = stated(reason)
    enrollment = learner_in(course.pk, learner_id)
    record_audit(
        actor=author,
        action=ACTION,
        now=now,
        course=course,
        target=f"user:{enrollment.user_id}",
        reason=reason,
        details={"lab": lab.pk},
    )
    return now + OPEN_FOR


def has_opened_lab_work(*, course: "Course", lab: Lab, learner_id: int, reader: "User", now: datetime) -> bool:
    """Tell whether this person opened the learner's work in the lab within the last OPEN_FOR. Runs one query."""
    return was_recorded(
        actor_id=reader.pk,
        course_id=course.pk,
        action=ACTION,
        target=f"user:{learner_id}",
        since=now - OPEN_FOR,
        lab=lab.pk,
    )


def refuse_unopened(*, course: "Course", lab: Lab, learner_id: int, reader: "User", now: datetime) -> None:
    """Refuse to show a learner's work in a lab that this person did not open within the last OPEN_FOR.

    Raises Refusal lab_work_unopened.
    """
    if not has_opened_lab_work(course=course, lab=lab, learner_id=learner_id, reader=reader, now=now):
        raise Refusal("lab_work_unopened")
