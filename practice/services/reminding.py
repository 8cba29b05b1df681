"""Remind learners of practice by email: at most once a day, only if they asked for it, and only if something waits.

The row of the plan says when its reminder is due (`practice.models`). The sweeper wakes a worker as long as one is due. A
worker moves the row to the next day and stores the message in one transaction, so that a task that is lost or delivered
twice loses no reminder and sends none twice.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from foundation.mailers import sends_mail
from foundation.one_by_one import one_by_one
from foundation.queue import send_task
from foundation.zones import known_zone
from mail.services.sending import queue_mail
from mail.services.subscriptions import set_mail_wanted
from people.access import CourseAccess, access_of, refuse_unless_working
from practice.models import PracticePlan
from practice.refusals import Refusal
from practice.rules.days import (
    end_of_day,
    is_full_hour,
    is_reminder_timely,
    next_practice_reminder,
    today_in,
)
from practice.selectors import due_practice_reminders, has_practice_reminder_due, practice_day
from quizzes.selectors import has_running_exam

if TYPE_CHECKING:
    from accounts.models import User
    from course.models import Course

SEND_PRACTICE_REMINDERS = "practice.send_reminders"
REMINDER_BATCH = 50  # reminders of one task, so that lab runs need not wait long for a worker

type PracticeClock = Callable[[], datetime]


@transaction.atomic
def set_practice_reminder(
    *, user: "User", course: "Course", hour: int | None, zone: str, now: datetime
) -> PracticePlan:
    """Let a learner be reminded by email at this hour of each day on which questions wait, or, with None, no more.

    `zone` is the name of their time zone. Raises Refusal not_found, not_enrolled, preview_only, course_archived, hour_unfit.
    """
    refuse_unless_working(user, course)
    if hour is not None and not is_full_hour(hour):
        raise Refusal("hour_unfit")
    known = known_zone(zone)
    due = None if hour is None else next_practice_reminder(hour=hour, zone=known, now=now)
    columns = {"timezone": known.key, "reminder_hour": hour, "reminds_at": due}
    plan, _is_new = PracticePlan.objects.update_or_create(user=user, course=course, defaults=columns)
    if hour is not None:
        set_mail_wanted(user=user, wanted={"reminders": True})
    return plan


def forget_practice_reminders(user: "User") -> None:
    """Let a person who wants no reminders ask for each of them again."""
    PracticePlan.objects.filter(user=user).update(reminder_hour=None, reminds_at=None)


@transaction.atomic
def move_practice_reminders(*, user: "User", zone: str, now: datetime) -> None:
    """Let the days of a person's reminders begin in another time zone."""
    known = known_zone(zone)
    for plan in PracticePlan.objects.filter(user=user, reminder_hour__isnull=False):
        plan.timezone = known.key
        plan.reminds_at = next_practice_reminder(hour=plan.reminder_hour or 0, zone=known, now=now)
        plan.save(update_fields=["timezone", "reminds_at"])


def wake_for_practice(*, now: datetime) -> None:
    """Wake a worker if a reminder of practice is due. Without a mail server, reminders wait for the next day."""
    if sends_mail() and has_practice_reminder_due(now):
        send_task(SEND_PRACTICE_REMINDERS)


def send_practice_reminders(*, clock: PracticeClock) -> int:
    """Pass the reminders that are due, at most REMINDER_BATCH. Return how many messages were stored for sending.

    A reminder that fails keeps no other waiting, and its error is raised at the end. It stays due until it is too late.
    """
    if not sends_mail():
        return 0
    stored = 0
    with one_by_one() as alone:
        for plan in due_practice_reminders(clock(), REMINDER_BATCH):
            with alone(f"reminder of practice {plan.pk}"):
                now = clock()
                stored += pass_practice_reminder(plan=plan, is_wanted=is_practice_wanted(plan, now), now=now)
    return stored


def is_practice_wanted(plan: PracticePlan, now: datetime) -> bool:
    """Return whether a reminder that is due helps: it is not late, the learner takes the course and sits no exam, and
    questions wait today.
    """
    if plan.reminds_at is None or not is_reminder_timely(due_at=plan.reminds_at, zone=plan.zone, now=now):
        return False
    if plan.course.archived_at is not None or access_of(plan.user, plan.course_id) is not CourseAccess.LEARNER:
        return False
    if has_running_exam(plan.user_id, now):
        return False
    return bool(practice_day(course_id=plan.course_id, learner_id=plan.user_id, zone=plan.zone, now=now).left)


@transaction.atomic
def pass_practice_reminder(*, plan: PracticePlan, is_wanted: bool, now: datetime) -> bool:
    """Move a reminder that is due to the next day and, if `is_wanted`, store its message. Return whether it was stored.

    If another worker has passed this reminder, or the learner has changed it, nothing happens. Nobody gets two reminders
    of a course on a day.
    """
    if plan.reminder_hour is None:
        return False
    later = next_practice_reminder(hour=plan.reminder_hour, zone=plan.zone, now=now)
    rows = PracticePlan.objects.filter(pk=plan.pk, reminds_at=plan.reminds_at)
    if not rows.update(reminds_at=later) or not is_wanted:
        return False
    queue_mail(
        kind="reminders",
        key=f"practice:{plan.course_id}:{today_in(plan.zone, now)}",
        course_id=plan.course_id,
        user_ids=[plan.user_id],
        details={"what": "practice", "until": end_of_day(plan.zone, now).isoformat()},
        now=now,
    )
    return True
