"""The secret address of a person's calendar."""

import secrets
from datetime import datetime

from accounts.models import User
from portal.calendars.models import CalendarFeed


def renew_calendar(*, user: User, now: datetime) -> CalendarFeed:
    """Give a person's calendar a new secret address. The old one, if any, stops working at once."""
    given = {"token": secrets.token_urlsafe(32), "renewed_at": now}
    feed, _ = CalendarFeed.objects.update_or_create(user=user, defaults=given)
    return feed


def remove_calendar(*, user: User) -> None:
    """Remove the address of a person's calendar. Without one, this does nothing."""
    CalendarFeed.objects.filter(user=user).delete()
