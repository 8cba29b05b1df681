"""A run's output as server-sent events: an async view, so that a watcher holds no thread.

    id: 181
    event: frame
    data: {"cell": "1", "seq": 3, "data": {"text/plain": "1\\n"}}

Events: started, session, cell, frame, tested (row, of a test as soon as it is judged) and finished (verdict, message,
tests), which is the last. `started` means that what came before is void: the run began again elsewhere. A comment every
few seconds keeps the way open.
"""

import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from rest_framework.exceptions import APIException, NotAuthenticated
from rest_framework.request import Request

from course.api.authentication import ScopedTokenAuthentication
from course.rules.refusals import Refusal
from labs import streams
from labs.models import Run
from labs.selectors import run_of
from labs.services.finishing import finished_event

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Encoding": "identity",  # else the compressing middleware would hold events back
    "X-Accel-Buffering": "no",
}


async def run_events(request: HttpRequest, run_id: str) -> HttpResponse | StreamingHttpResponse:
    try:
        await sync_to_async(_run_for)(request, run_id)
    except Refusal as refusal:
        return _problem(refusal.status, refusal.code, refusal.sentence)
    except APIException as error:
        return _problem(error.status_code, str(error.get_codes()), str(error.detail))
    after = request.headers.get("Last-Event-ID", "")
    return StreamingHttpResponse(_told(run_id, after), content_type="text/event-stream", headers=HEADERS)


def _run_for(request: HttpRequest, run_id: str) -> Run:
    """The run, if whoever asks by session or token may see it."""
    found = ScopedTokenAuthentication().authenticate(Request(request))
    user, token = found or (request.user, None)
    if not user.is_authenticated:
        raise NotAuthenticated
    if token is not None and "read" not in token.scopes:
        raise Refusal("not_permitted")
    return run_of(user.pk, run_id)


def _problem(status: int, code: str, detail: str) -> JsonResponse:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, "code": code}
    return JsonResponse(body, status=status, content_type="application/problem+json")


async def _told(run_id: str, after: str) -> AsyncIterator[bytes]:
    claim = 0
    async for each in streams.follow(run_id, after):
        if each is None:
            ending = await sync_to_async(_ending)(run_id)
            yield _lines("", ending) if ending else b": still here\n\n"
            if ending:
                return
            continue
        number, event = each
        if event["claim"] < claim:
            continue
        claim = event["claim"]
        yield _lines(number, event)
        if event["event"] == "finished":
            return


def _ending(run_id: str) -> dict[str, Any] | None:
    """The last event of a run that is finished, whether or not its stream said so."""
    rows = Run.objects.filter(pk=run_id, state=Run.State.FINISHED)
    run = rows.only("claim", "verdict", "message", "tests").first()
    return finished_event(run.claim, run.verdict or "", run.message, run.tests) if run else None


def _lines(number: str, event: dict[str, Any]) -> bytes:
    said = {name: value for name, value in event.items() if name not in ("event", "claim")}
    head = f"id: {number}\n" if number else ""
    return f"{head}event: {event['event']}\ndata: {json.dumps(said)}\n\n".encode()
