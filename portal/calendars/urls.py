"""The address of a calendar; config.urls puts each list where it belongs."""

from foundation.frame.addresses import path
from portal.calendars import api

calls = [
    path("me/calendar/", api.OwnCalendar.as_view(), name="api-calendar"),
]
