"""Limits on event streams for one person, through the served application."""

import gc
import json
import os
import resource
import subprocess
import sys
import threading
from contextlib import AsyncExitStack

import pytest
from django.utils import timezone

from accounts.services import create_token
from config.asgi import joined
from config.environment import ROOT
from foundation.throttles import Openings
from labs import streams, watching
from labs.watching import MOST_STREAMS
from tests.labs.making import make_learner, order
from tests.loops import ran
from tests.rounds import second_round
from tests.served import Exchange

pytestmark = [pytest.mark.django_db(transaction=True), second_round]


def events(run):
    return f"/api/v1/runs/{run.pk}/events/"


def watched_run():
    """A run with some events, and the header with which its learner asks for them."""
    learner = make_learner()
    run = order(learner)
    streams.append(run.pk, {"event": "started", "claim": 1})
    return run, signed_in(learner)


def signed_in(user):
    _, text = create_token(user=user, now=timezone.now())
    return {"authorization": f"Token {text}"}


def code(exchange):
    return json.loads(exchange.body)["code"]


async def opened(stack, run, headers):
    found = await Exchange(events(run), headers=headers).begun()
    stack.push_async_callback(found.ended)
    return found


def test_a_learner_over_the_limit_of_streams_is_refused_and_others_are_not():
    (mine, me), (others, other) = watched_run(), watched_run()

    async def ask():
        async with AsyncExitStack() as stack:
            first = [await opened(stack, mine, me) for _ in range(MOST_STREAMS)]
            refused = await Exchange(events(mine), headers=me).answered()
            elsewhere = await opened(stack, others, other)
            await first[0].ended()
            again = await opened(stack, mine, me)
            return [each.status for each in first], refused, elsewhere.status, again.status

    first, refused, elsewhere, again = ran(ask())
    assert (first, elsewhere, again) == ([200] * MOST_STREAMS, 200, 200)
    assert (refused.status, code(refused), refused.headers["retry-after"]) == (429, "too_many_streams", "5")


def test_a_server_full_of_streams_refuses_another_learner_until_one_ends(monkeypatch):
    (mine, me), (others, other) = watched_run(), watched_run()
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    monkeypatch.setattr(watching, "SHARE", descriptors // 2)  # room for two streams

    async def ask():
        async with AsyncExitStack() as stack:
            first = [await opened(stack, mine, me) for _ in range(2)]
            refused = await Exchange(events(others), headers=other).answered()
            await first[0].ended()
            again = await opened(stack, others, other)
            return [each.status for each in first], refused, again.status

    first, refused, again = ran(ask())
    assert (first, again) == ([200, 200], 200)
    assert (refused.status, code(refused), refused.headers["retry-after"]) == (503, "streams_full", "5")


def test_open_streams_hold_no_thread_and_no_connection_to_the_database():
    mine, me = watched_run()

    async def held(count):
        async with AsyncExitStack() as stack:
            for _ in range(count):
                await opened(stack, mine, me)
            gc.collect()  # closes what earlier tests left open
            return threading.active_count(), len(os.listdir("/proc/self/fd"))

    assert ran(held(MOST_STREAMS)) == ran(held(1))


def test_streams_have_a_separate_rate_limit(monkeypatch):
    monkeypatch.setattr(Openings, "rate", "2/day")
    mine, me = watched_run()

    async def ask():
        async with AsyncExitStack() as stack:
            first = [await opened(stack, mine, me) for _ in range(2)]
            return [*first, await Exchange(events(mine), headers=me).answered()]

    *first, refused = ran(ask())
    assert [(each.status, each.headers["ratelimit-limit"]) for each in first] == [(200, "2"), (200, "2")]
    assert (refused.status, code(refused)) == (429, "throttled")
    assert int(refused.headers["retry-after"]) >= 1


def test_a_visitor_gets_no_stream():
    mine, _ = watched_run()
    answer = ran(Exchange(events(mine)).answered())
    assert (answer.status, code(answer)) == (401, "not_authenticated")


@pytest.mark.parametrize("path", ["events/", ""])
def test_a_token_that_is_not_text_is_refused(path):
    mine, _ = watched_run()
    where = f"/api/v1/runs/{mine.pk}/{path}"
    answer = ran(Exchange(where, headers={"authorization": b"Token \xff\xfe"}).answered())
    assert (answer.status, code(answer)) == (401, "authentication_failed")


@pytest.mark.parametrize("header", [{"content-length": "1600000000"}, {"transfer-encoding": "chunked"}])
@pytest.mark.parametrize("is_known", [True, False])
def test_a_body_sent_to_a_stream_is_refused_unread(header, is_known):
    mine, me = watched_run()
    headers = {**header, **(me if is_known else {})}
    answer = ran(Exchange(events(mine), headers=headers).answered())
    assert (answer.status, code(answer), answer.taken) == (400, "invalid_request", 0)


def test_a_parameter_that_no_stream_knows_is_refused():
    mine, me = watched_run()
    answer = ran(Exchange(f"{events(mine)}?after=1", headers=me).answered())
    assert (answer.status, code(answer)) == (400, "invalid_request")


def test_a_body_that_was_not_announced_ends_the_stream():
    mine, me = watched_run()
    flood = {"type": "http.request", "body": b"a" * 100, "more_body": True}
    assert ran(Exchange(events(mine), headers=me, messages=(flood,) * 9).answered()).taken == 1


@pytest.mark.parametrize(
    ("method", "path", "way"),
    [
        ("GET", "/api/v1/runs/abc/events/", "streams"),
        ("POST", "/api/v1/runs/abc/events/", "pages"),
        ("GET", "/events/", "pages"),
        ("GET", "/api/v1/runs/a/b/events/", "pages"),
        ("POST", "/api/v1/nothing/events/", "pages"),
        ("GET", "/api/v1/runs/abc/", "pages"),
    ],
)
def test_only_the_route_of_a_stream_leads_past_the_reception(method, path, way):
    asked = []

    def named(name):
        async def handle(*_):
            asked.append(name)

        return handle

    exchange = Exchange(path, method=method)
    ran(joined(named("pages"), named("streams"))(exchange.scope, exchange.receive, exchange.send))
    assert asked == [way]


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE"])
def test_a_stream_can_only_be_read(method):
    mine, me = watched_run()
    answer = ran(Exchange(events(mine), method=method, headers=me).answered())
    assert (answer.status, answer.headers["allow"]) == (405, "GET")


def test_the_server_raises_its_limit_of_descriptors_as_far_as_it_may():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    program = "import resource, config.asgi; print(*resource.getrlimit(resource.RLIMIT_NOFILE))"
    command = ["prlimit", f"--nofile=256:{min(hard, 4096)}", sys.executable, "-c", program]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert shown.split() == [str(min(hard, 4096))] * 2
