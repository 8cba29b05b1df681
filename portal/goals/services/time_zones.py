"""A person's name and time zone."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from portal.goals.services.goals import move_goals
from practice.services import move_practice_reminders


@transaction.atomic
def change_person(*, user: User, name: str, timezone: str, now: datetime) -> None:
    """Set a person's name and the time zone in which they read times ("" means the browser's).

    The weeks of their goals and the days of their reminders begin in this time zone from now on.
    """
    user.name, user.timezone = name, timezone
    user.save(update_fields=["name", "timezone"])
    if timezone:
        move_goals(user=user, zone=timezone, now=now)
        move_practice_reminders(user=user, zone=timezone, now=now)
