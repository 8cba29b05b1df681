"""Later dates for one learner in any activity, and the score that follows from them (D22, D34)."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from grading.selectors import SettledGrades
from grading.services import Cause, GradeAction
from grading.services.previews import Shift, preview
from labs.services import follow_lab_dates
from people.services import extend_dates
from portal.allowances.selectors.activity_dates import common_dates
from quizzes.services import follow_closings, rescore_after_dates, settle_due

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course
    from people.models import DateExtension


def preview_extension(*, grades: SettledGrades, course: "Course", learner_id: int, **order: Any) -> Shift | None:
    """Return how `extend_activity` would move the learner's grade by the late policy, or None if it would not.

    Raises the Refusals of `extend_activity`.
    """
    (shift,) = preview(
        grades=grades,
        course_id=course.pk,
        learner_ids=[learner_id],
        act=lambda: extend_activity(course=course, learner_id=learner_id, **order),
    )
    return shift if shift.has_moved else None


@transaction.atomic
def extend_activity(
    *,
    course: "Course",
    learner_id: int,
    activity: str,
    due_at: datetime | None,
    closes_at: datetime | None,
    reason: str,
    author: "User",
    now: datetime,
    decides: bool = True,
    opens_at: datetime | None = None,
    is_exact: bool = False,
) -> "DateExtension":
    """Give a learner later dates in an assessment or a lab, and count late answers by the new due date.

    A running exam without a time limit then ends at the later closing.

    Without any date, everyone's apply again. The history of the score never contains the reason, which is private.
    `decides` is False if more changes for the learner follow, after which the caller decides about the certificate.
    Exact dates count as they are (D39). Raises Refusal not_found, date_not_later, dates_contradict, nothing_to_undo,
    reason_missing.
    """
    settle_due(now=now, learner_id=learner_id, course_id=course.pk)
    row = extend_dates(
        course=course,
        learner_id=learner_id,
        activity=activity,
        common=common_dates(course.pk, activity, is_any=is_exact),
        opens_at=opens_at,
        due_at=due_at,
        closes_at=closes_at,
        is_exact=is_exact,
        reason=reason,
        author=author,
        now=now,
    )
    follow_closings(course_id=course.pk, learner_id=learner_id, now=now)
    action = GradeAction(Cause.DATES, now, author.pk, decides=decides)
    rescore_after_dates(course_id=course.pk, assessment_id=activity, learner_id=learner_id, action=action)
    follow_lab_dates(course_id=course.pk, lab_id=activity, learner_id=learner_id, action=action)
    return row
