"""Remind learners of their weekly goals: who asked for it, has not reached the goal, and still has something to do.

The row of the goal says when its reminder is due (`portal.goals.models`). The sweeper wakes a worker as long as one is
due. A worker moves the row to the next week and stores the message in one transaction, so that a task that is lost or
delivered twice loses no reminder and sends none twice.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from foundation.mailers import sends_mail
from foundation.one_by_one import one_by_one
from foundation.queue import send_task
from grading.services import settled_grade
from people.access import CourseAccess, access_of
from portal.goals.rules.goals import is_timely, week_of
from portal.goals.selectors import due_reminders, has_open_work, has_reminder_due, studied_in
from portal.goals.services.goals import pass_reminder

if TYPE_CHECKING:
    from portal.goals.models import StudyGoal

SEND_REMINDERS = "study.send_reminders"
REMINDER_BATCH = 50  # reminders of one task, so that lab runs need not wait long for a worker

type ReminderClock = Callable[[], datetime]


def wake_for_reminders(*, now: datetime) -> None:
    """Wake a worker if a reminder is due. Without a mail server, reminders wait for their next week."""
    if sends_mail() and has_reminder_due(now):
        send_task(SEND_REMINDERS)


def send_reminders(*, clock: ReminderClock) -> int:
    """Pass the reminders that are due, at most REMINDER_BATCH. Return how many messages were stored for sending.

    A reminder that fails keeps no other waiting, and its error is raised at the end. It stays due until it is too late.
    """
    if not sends_mail():
        return 0
    stored = 0
    with one_by_one() as alone:
        for goal in due_reminders(clock(), REMINDER_BATCH):
            with alone(f"reminder of goal {goal.pk}"):
                now = clock()
                stored += pass_reminder(goal=goal, is_wanted=is_reminder_wanted(goal, now), now=now)
    return stored


def is_reminder_wanted(goal: "StudyGoal", now: datetime) -> bool:
    """Return whether a reminder that is due helps: it is not late, the learner is in the course and has not reached the
    goal, and there is something left that they can do.
    """
    week = week_of(now, goal.zone)
    if goal.reminds_at is None or not is_timely(due_at=goal.reminds_at, week=week, now=now):
        return False
    if goal.course.archived_at is not None or access_of(goal.user, goal.course_id) is not CourseAccess.LEARNER:
        return False
    if studied_in(goal.course_id, goal.user_id, week).done(goal.unit) >= goal.amount:
        return False
    grade = settled_grade(learner_id=goal.user_id, course_id=goal.course_id, now=now)
    return has_open_work(goal.course_id, goal.user_id, grade, now)
