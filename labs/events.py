"""Send a run's output as server-sent events. The view is async, so a watcher does not occupy a thread.

    id: 181
    event: frame
    data: {"cell": "1", "seq": 3, "data": {"text/plain": "1\n"}}

Events: queued (position), started, session, cell, frame, tested (row, sent as soon as a test is judged) and finished
(verdict, message, tests), which is the last. `started` means that the run began again, perhaps on another host: discard
all earlier events. A comment every few seconds keeps the connection open. How many streams a person may open per second,
and hold open, is limited.
"""

import json
import math
import time
from collections.abc import AsyncIterator
from http import HTTPStatus

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import APIException, MethodNotAllowed, NotAuthenticated, ParseError, Throttled
from rest_framework.request import Request

from foundation.authentication import ScopedTokenAuthentication
from foundation.queries import not_taken
from foundation.throttles import Openings, headers
from labs import streams
from labs.models import Run
from labs.refusals import Refusal
from labs.selectors import queue_positions, run_of
from labs.services.finishing import finished_event
from labs.watching import slots

STILL_HERE = b": still here\n\n"
FRESH_SECONDS = 0.7  # between two readings of the queue
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Encoding": "identity",  # otherwise the compression middleware would delay events
    "X-Accel-Buffering": "no",
}


@csrf_exempt  # it is read-only, and refuses everything but GET
async def run_events(request: HttpRequest, run_id: str) -> HttpResponse | StreamingHttpResponse:
    if request.method != "GET":
        return _problem_response(MethodNotAllowed(str(request.method)), {"Allow": "GET"})
    try:
        watcher, rate = await sync_to_async(_watcher)(request, run_id)
        if request.GET:
            raise ParseError(f"{next(iter(request.GET))}: {not_taken(frozenset())}", "invalid_request")
        slot = slots.take(watcher)
    except (Refusal, APIException) as error:
        return _problem_response(error, headers(getattr(request, "rate", None)))
    after = request.headers.get("Last-Event-ID", "")
    stream = _event_stream(run_id, after, slot.rest)
    response = StreamingHttpResponse(stream, content_type="text/event-stream", headers=HEADERS | rate)
    response._resource_closers.append(slot.give_back)  # type: ignore[attr-defined]  # Django's own, called however it ends
    return response


def _watcher(request: HttpRequest, run_id: str) -> tuple[int, dict[str, str]]:
    """Identify the person by session or token, check that they may see the run, and return how often they may still
    open a stream.
    """
    api_request = Request(request)
    credentials = ScopedTokenAuthentication().authenticate(api_request)
    user, token = credentials or (request.user, None)
    if not user.is_authenticated:
        raise NotAuthenticated
    if token is not None and "read" not in token.scopes:
        raise Refusal("not_permitted")
    api_request.user = user
    throttle = Openings()
    if not throttle.allow_request(api_request, None):
        raise Throttled(throttle.wait())
    run_of(user.pk, run_id)
    return user.pk, headers(request.rate)  # type: ignore[attr-defined]  # written by the throttle


def _problem_response(error: Refusal | APIException, headers: dict[str, str]) -> JsonResponse:
    if isinstance(error, Refusal):
        status, code, detail = error.status, error.code, error.sentence
    else:
        status, code, detail = error.status_code, str(error.get_codes()), str(error.detail)
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, "code": code}
    if wait := getattr(error, "wait", None):
        headers = {**headers, "Retry-After": str(math.ceil(wait))}
    return JsonResponse(body, status=status, content_type="application/problem+json", headers=headers)


async def _event_stream(run_id: str, after: str, rest: streams.Rest) -> AsyncIterator[bytes]:
    claim = 0
    sent_position = ending = None
    async for numbered in streams.follow_events(run_id, after, rest):
        if numbered is not None:
            number, event = numbered
            ending = None
            if event["claim"] < claim:
                continue
            claim = event["claim"]
            yield _lines(number, event)
            if event["event"] == "finished":
                return
        elif (position := await positions.of(run_id)) is not None:
            yield _lines("", {"event": "queued", "position": position}) if position != sent_position else STILL_HERE
            sent_position = position
        elif ending:
            yield _lines("", ending)
            return
        else:
            # Even if the run has just ended, the next events are those that it wrote before its end.
            ending = await sync_to_async(_ending)(run_id)
            if not ending:
                yield STILL_HERE


class SharedPositions:
    """The positions of all queued runs, read at most once in FRESH_SECONDS however many people wait.

    A caller during a reading gets the positions of the previous reading.
    """

    def __init__(self) -> None:
        self.by_run: dict[str, int] = {}
        self.read_at = float("-inf")

    async def of(self, run_id: str) -> int | None:
        """Return a run's position, or None if it was not in a queue a moment ago."""
        now = time.monotonic()
        if now - self.read_at >= FRESH_SECONDS:
            self.read_at = now
            self.by_run = await sync_to_async(queue_positions)()
        return self.by_run.get(run_id)


positions = SharedPositions()


def _ending(run_id: str) -> dict[str, object] | None:
    """Return the last event of a finished run, even if its stream lacks it."""
    rows = Run.objects.filter(pk=run_id, state=Run.State.FINISHED)
    run = rows.only("claim", "verdict", "message", "tests").first()
    return finished_event(run.claim, run.verdict or "", run.message, run.tests) if run else None


def _lines(number: str, event: dict[str, object]) -> bytes:
    data = {name: value for name, value in event.items() if name not in ("event", "claim")}
    head = f"id: {number}\n" if number else ""
    return f"{head}event: {event['event']}\ndata: {json.dumps(data)}\n\n".encode()
