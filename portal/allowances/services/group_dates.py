"""Dates for groups in any activity, and everything that follows from them (D34, D36, D39)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from course.rules.schedule import Dates
from grading.services import Cause, GradeAction, decide_certificates
from labs.services import follow_lab_dates
from mail.services.notices import notify
from people.selectors import varying_activities
from people.services import give_group_dates
from portal.allowances.selectors.activity_dates import activities_of_course
from portal.refusals import Refusal
from quizzes.services import follow_closings, follow_dates, settle_due

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course


@transaction.atomic
def set_group_dates(*, course: "Course", group: str, dates: Mapping[str, Dates], author: "User", now: datetime) -> None:
    """Give a group dates in these activities, count late answers by them, and tell its learners.

    Running exams without a time limit end at a later closing, and no running exam ends earlier. Raises Refusal not_found,
    dates_contradict.
    """
    settle_due(now=now, course_id=course.pk)
    common = {activity.id: activity.dates for activity in activities_of_course(course.pk)}
    if not dates.keys() <= common.keys():
        raise Refusal("not_found")
    given = {activity: (common[activity], own) for activity, own in dates.items()}
    learner_ids = give_group_dates(course=course, group=group, given=given, author=author, now=now)
    if not learner_ids:
        return
    follow_own_dates(course.pk, learner_ids, dates.keys(), GradeAction(Cause.DATES, now, author.pk, decides=False))
    notify(what="dates", key=f"{group}:{now.isoformat()}", course_id=course.pk, user_ids=learner_ids, now=now)


def follow_moved_learners(course_id: int, learner_ids: Collection[int], now: datetime) -> None:
    """Let exams and scores follow learners into other groups, whose dates may be others."""
    if activities := varying_activities(course_id):
        follow_own_dates(course_id, learner_ids, activities, GradeAction(Cause.DATES, now, decides=False))


def follow_own_dates(
    course_id: int, learner_ids: Collection[int], activities: Collection[str], action: GradeAction
) -> None:
    """Let exams and scores of these learners follow their dates, then decide about their certificates."""
    for learner_id in sorted(learner_ids):
        follow_closings(course_id=course_id, learner_id=learner_id, now=action.now)
        for activity in sorted(activities):
            whose = {"course_id": course_id, "learner_id": learner_id, "action": action}
            follow_dates(assessment_id=activity, **whose)
            follow_lab_dates(lab_id=activity, **whose)
    decide_certificates(course_id=course_id, learner_ids=sorted(learner_ids), action=action)
