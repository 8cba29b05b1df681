"""The secret address of a calendar of dates."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.frame.endpoint import Endpoint
from foundation.refusals import refuses
from portal.calendars.selectors import calendar_of
from portal.calendars.serializers import CalendarOut
from portal.calendars.services import remove_calendar, renew_calendar


@refuses()
class OwnCalendar(Endpoint):
    """The secret address of your calendar of dates; null until you create one. A POST creates it or replaces it."""

    takes_key = False

    @extend_schema(responses=CalendarOut)
    def get(self, request: Request) -> Response:
        feed = calendar_of(self.person)
        return Response({"url": feed and calendar_address(request, feed.token)})

    @extend_schema(request=None, responses={201: CalendarOut})
    def post(self, request: Request) -> Response:
        self.read_nothing()
        feed = renew_calendar(user=self.person, now=self.now)
        return Response({"url": calendar_address(request, feed.token)}, 201)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        remove_calendar(user=self.person)
        return Response(status=204)


def calendar_address(request: Request, token: str) -> str:
    return request.build_absolute_uri(reverse("calendar", args=[token]))
