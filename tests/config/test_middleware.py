"""The clock at the edge (D5): one instant for a request, that of its last byte."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import RequestFactory

from config.middleware import receive

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TEN_SECONDS = timedelta(seconds=10)


def test_a_body_that_trickles_in_after_the_deadline_came_after_the_deadline():
    with time_machine.travel(START, tick=False) as clock:

        class Slow(BytesIO):
            def read(self, size=-1):
                clock.shift(TEN_SECONDS)
                return super().read(size)

        request = RequestFactory().post("/questions/x/check/", "a=1", content_type="application/x-www-form-urlencoded")
        request = WSGIRequest({**request.environ, "wsgi.input": Slow(b"a=1")})
        seen = []
        receive(lambda request: seen.append((request.now, request.POST["a"])) or HttpResponse())(request)
    assert seen == [(START + TEN_SECONDS, "1")]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_larger_than_any_of_ours_is_not_even_read(client, kind):
    response = client.post("/settings/theme/", b"a" * (7 << 20), content_type=kind)
    assert (response.status_code, response["Content-Type"]) == (400, "text/html; charset=utf-8")
