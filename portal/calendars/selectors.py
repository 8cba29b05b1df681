"""The calendars to which people subscribe."""

from accounts.models import User
from portal.calendars.models import CalendarFeed
from portal.refusals import Refusal


def calendar_of(user: User) -> CalendarFeed | None:
    """Return the address of a person's calendar, if they have created one."""
    return CalendarFeed.objects.filter(user=user).first()


def owner_of_calendar(token: str) -> User:
    """Return the person whose calendar has this token. Raises Refusal not_found, also if the account is closed."""
    feed = CalendarFeed.objects.select_related("user").filter(token=token, user__is_active=True).first()
    if feed is None:
        raise Refusal("not_found")
    return feed.user
