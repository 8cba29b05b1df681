"""A learner's weekly goal in a course, and the email that reminds them of it, if they asked for one."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from course.models import Course
from foundation.zones import known_zone
from mail.builders import LetterBuilder
from mail.services.letters import notice_letter
from mail.services.sending import queue_mail
from mail.services.subscriptions import set_mail_wanted
from people.access import access_of, refuse_archived, refuse_unless_learner, refuse_unseen
from people.services.member_letters import why_withheld_from_member
from portal.goals.models import StudyGoal
from portal.goals.rules.goals import MOST, is_goal, is_weekly_time, next_reminder, week_of
from portal.refusals import Refusal
from practice.services import forget_practice_reminders


@transaction.atomic
def set_study_goal(
    *,
    user: User,
    course: Course,
    unit: str,
    amount: int,
    zone: str,
    now: datetime,
    reminder: tuple[int, int] | None = None,
) -> StudyGoal:
    """Set what a learner wants to do in a course each week. `zone` is the name of the time zone of their weeks.

    With `reminder`, a day (1 for Monday) and an hour, the learner asks for one email a week. Raises Refusal not_found,
    not_enrolled, preview_only, course_archived, goal_unfit.
    """
    refuse_to_set_goal(user, course)
    if not is_goal(unit, amount) or (reminder is not None and not is_weekly_time(*reminder)):
        raise Refusal("goal_unfit", **MOST)
    day, hour = reminder or (None, None)
    known = known_zone(zone)
    due = None if reminder is None else next_reminder(day=reminder[0], hour=reminder[1], zone=known, now=now)
    times = {"reminder_day": day, "reminder_hour": hour, "reminds_at": due, "saved_at": now}
    columns = {"unit": unit, "amount": amount, "timezone": known.key, **times}
    goal, _is_new = StudyGoal.objects.update_or_create(user=user, course=course, defaults=columns)
    if reminder is not None:
        set_mail_wanted(user=user, wanted={"reminders": True})
    return goal


def remove_study_goal(*, user: User, course: Course) -> None:
    """Remove a learner's goal in a course, with its reminder. Without a goal, this changes nothing.

    Raises Refusal not_found, not_enrolled, preview_only, course_archived.
    """
    refuse_to_set_goal(user, course)
    StudyGoal.objects.filter(user=user, course=course).delete()


def refuse_to_set_goal(user: User, course: Course) -> None:
    """Refuse everyone but learners of a course that is not archived.

    Raises Refusal not_found, not_enrolled, preview_only, course_archived.
    """
    access = access_of(user, course.pk)
    refuse_unseen(access)
    refuse_archived(course)
    refuse_unless_learner(access)


@transaction.atomic
def move_goals(*, user: User, zone: str, now: datetime) -> None:
    """Let the weeks of a person's goals begin in another time zone, and move their reminders."""
    known = known_zone(zone)
    for goal in StudyGoal.objects.filter(user=user):
        goal.timezone = known.key
        if goal.reminder_day is not None and goal.reminder_hour is not None:
            goal.reminds_at = next_reminder(day=goal.reminder_day, hour=goal.reminder_hour, zone=known, now=now)
        goal.save(update_fields=["timezone", "reminds_at"])


@transaction.atomic
def pass_reminder(*, goal: StudyGoal, is_wanted: bool, now: datetime) -> bool:
    """Move a reminder that is due to the next week and, if `is_wanted`, store its message. Return whether it was stored.

    If another worker has passed this reminder, or the learner has changed the goal, nothing happens. Nobody gets two
    reminders of a goal in a week.
    """
    if goal.reminder_day is None or goal.reminder_hour is None:
        return False
    later = next_reminder(day=goal.reminder_day, hour=goal.reminder_hour, zone=goal.zone, now=now)
    if not StudyGoal.objects.filter(pk=goal.pk, reminds_at=goal.reminds_at).update(reminds_at=later) or not is_wanted:
        return False
    week = week_of(now, goal.zone)
    queue_mail(
        kind="reminders",
        key=f"goal:{goal.course_id}:{week.monday}",
        course_id=goal.course_id,
        user_ids=[goal.user_id],
        details={"what": "goal", "until": week.ends_at.isoformat()},
        now=now,
    )
    return True


def forget_reminders(user: User) -> None:
    """Let a person who wants no reminders ask for each of them again, so that one course does not bring back those of another."""
    StudyGoal.objects.filter(user=user).update(reminder_day=None, reminder_hour=None, reminds_at=None)
    forget_practice_reminders(user)


REMINDER_LETTERS = LetterBuilder(why_withheld_from_member, notice_letter, end_wish=forget_reminders)
