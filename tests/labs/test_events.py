"""The event stream: past events first, then new ones, from where the watcher left off."""

import asyncio
import json
import threading
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import groupby

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.test import AsyncClient

from labs import events, streams
from labs.events import SharedPositions
from labs.services import RunOutcome, claim_next, finish_run, order_lab_run
from labs.tasks import run_waiting
from labs.watching import MOST_STREAMS
from portal.api.contract import common_parts
from tests import factories as make
from tests.contract import mistakes
from tests.labs.making import RIGHT, make_lab, make_learner, order

pytestmark = pytest.mark.django_db


def watched(run, *, learner, after=""):
    """Return the events of a finished run as [(id, event, data)], or the response if it does not stream."""

    async def watch():
        browser = AsyncClient()
        await browser.aforce_login(learner)
        answer = await browser.get(f"/api/v1/runs/{run.pk}/events/", headers={"Last-Event-ID": after})
        if not answer.streaming:
            return answer
        told = [event_in(each) async for each in answer.streaming_content]
        answer.close()
        return told

    return async_to_sync(watch)()


@pytest.fixture
def at_once(monkeypatch):
    """Tell watchers of waiting runs about every change at once."""
    monkeypatch.setattr(streams, "QUEUED_WAIT", 0.001)
    monkeypatch.setattr(events, "FRESH_SECONDS", 0.0)


@asynccontextmanager
async def watching(run):
    """Open the stream of a run that is not finished, and yield what it sends."""
    browser = AsyncClient()
    await browser.aforce_login(run.learner)
    answer = await browser.get(f"/api/v1/runs/{run.pk}/events/")
    try:
        yield aiter(answer.streaming_content)
    finally:
        answer.close()


async def next_told(lines):
    """Return the next event, past the comments that only keep the connection open."""
    while (each := await anext(lines)).startswith(b":"):
        pass
    return event_in(each)


def later(seconds):
    return make.NOW + timedelta(seconds=seconds)


def event_in(lines):
    said = dict(line.split(": ", 1) for line in lines.decode().strip().splitlines())
    return said.get("id"), said["event"], json.loads(said["data"])


def test_a_watcher_gets_every_event_and_after_a_break_only_the_rest(runner):
    learner = make_learner()
    run = order(learner, "print('one')")
    run_waiting("quick")
    told = watched(run, learner=learner)
    kinds = [event for _, event, _ in told if event != "frame"]
    assert kinds == ["started", "cell", "cell", "finished"]
    assert "".join(data["data"]["text/plain"] for _, event, data in told if event == "frame") == "one\n"
    assert told[-1][2] == {"verdict": "succeeded", "message": "", "tests": None}
    assert watched(run, learner=learner, after=told[2][0]) == told[3:]


def test_every_event_of_a_real_run_has_the_shape_that_the_schema_gives_it(runner):
    """A session's first run and a test run together produce every kind of event of a run that has begun."""
    lab = make_lab()
    learner = make_learner(lab)
    runs = [order_lab_run(learner=learner, lab=lab, cells=RIGHT, mode=mode, now=make.NOW) for mode in ("all", "test")]
    for queue in ("quick", "training"):
        run_waiting(queue)
    told = [event for run in runs for event in watched(run, learner=learner)]
    assert {kind for _, kind, _ in told} == set(common_parts()["events"]) - {"queued"}
    for number, kind, data in told:
        event = {"id": number, "event": kind, "data": data}
        assert mistakes(event, {"$ref": "#/components/schemas/RunEvent"}) == [], event


def test_a_watcher_of_a_waiting_run_gets_its_position_each_time_it_changes(at_once):
    runs = [order(make_learner(), now=later(second)) for second in range(3)]

    async def watch():
        async with watching(runs[2]) as events:
            told = [await next_told(events)]
            for _ in range(2):
                await sync_to_async(claim_next)(queue="quick", worker="here/1", now=make.NOW)
                told.append(await next_told(events))
            streams.append(runs[2].pk, {"event": "started", "claim": 1})
            return [*told, await next_told(events)]

    told = async_to_sync(watch)()
    assert told[:3] == [(None, "queued", {"position": place}) for place in (3, 2, 1)]
    assert told[3][1] == "started"
    for number, kind, data in told:
        assert mistakes({"event": kind, "data": data}, {"$ref": "#/components/schemas/RunEvent"}) == [], number


def test_all_watchers_of_waiting_runs_share_one_reading_of_the_queue(django_assert_max_num_queries):
    runs = [order(make_learner(), now=later(second)) for second in range(30)]

    async def positions():
        shared = SharedPositions()
        return [await shared.of(run.pk) for run in runs]

    with django_assert_max_num_queries(4):  # three for the queue with runs, one for the empty one
        assert async_to_sync(positions)() == list(range(1, 31))


@pytest.mark.parametrize("after", ["", "3", "-1", "9" * 400, "x", "0-1"])
def test_an_invalid_id_starts_at_the_beginning(runner, after):
    learner = make_learner()
    run = order(learner)
    run_waiting("quick")
    assert watched(run, learner=learner, after=after)[0][1] == "started"


def test_events_of_a_worker_that_lost_the_run_are_ignored(runner):
    learner = make_learner()
    run = order(learner)
    for claim, event in ((1, "started"), (2, "started"), (1, "cell"), (2, "finished")):
        streams.append(run.pk, {"event": event, "claim": claim})
    assert [event for _, event, _ in watched(run, learner=learner)] == ["started", "started", "finished"]


def test_a_finished_run_whose_stream_is_gone_still_ends_the_watch(runner, monkeypatch, settings):
    learner = make_learner()
    run = order(learner)
    run_waiting("quick")
    (settings.DATA / "streams" / f"{run.pk}.jsonl").unlink()
    monkeypatch.setattr(streams, "WAIT", 0.05)
    assert watched(run, learner=learner) == [(None, "finished", {"verdict": "succeeded", "message": "", "tests": None})]


@pytest.mark.parametrize("after", ["", "1700000000000-0"])
def test_a_watcher_who_comes_back_after_redis_dropped_the_stream_gets_the_end(redis_url, settings, monkeypatch, after):
    settings.REDIS_URL = redis_url
    streams._redis.cache_clear()
    learner = make_learner()
    run = order(learner)
    claimed = claim_next(queue="quick", worker="here/1", now=make.NOW)
    finish_run(run=claimed, outcome=RunOutcome("failed", "No."), now=make.NOW)
    streams.forget_streams([run.pk])
    monkeypatch.setattr(streams, "WAIT", 0.05)
    assert watched(run, learner=learner, after=after) == [
        (None, "finished", {"verdict": "failed", "message": "No.", "tests": None})
    ]


def test_a_run_that_ends_while_a_slow_server_looks_for_it_is_told_whole(runner, at_once, monkeypatch):
    learner = make_learner()
    run = order(learner, "print('one')")
    look = events._ending

    async def in_no_queue(run_id):
        return None

    def look_slowly(run_id):
        run_waiting("quick")
        return look(run_id)

    monkeypatch.setattr(events.positions, "of", in_no_queue)
    monkeypatch.setattr(events, "_ending", look_slowly)
    told = watched(run, learner=learner)
    kinds = [kind for kind, _ in groupby(event for _, event, _ in told)]  # a busy machine sends a line in two frames
    assert kinds == ["started", "cell", "frame", "cell", "finished"]
    assert "".join(data["data"]["text/plain"] for _, event, data in told if event == "frame") == "one\n"


def test_two_hundred_watchers_hold_no_thread():
    """Open streams of several learners, each with as many as one person may hold."""
    runs = [order(make_learner()) for _ in range(200 // MOST_STREAMS + 1)]
    for run in runs:
        streams.append(run.pk, {"event": "started", "claim": 1})

    async def threads_with(count):
        before, told = set(threading.enumerate()), []
        for run in (runs * MOST_STREAMS)[:count]:
            browser = AsyncClient()
            await browser.aforce_login(run.learner)
            answer = await browser.get(f"/api/v1/runs/{run.pk}/events/")
            told.append((answer, aiter(answer.streaming_content)))
        for _, each in told:
            assert event_in(await anext(each))[1] == "started"
        waiting = [asyncio.ensure_future(anext(each)) for _, each in told]
        await asyncio.sleep(0)
        held = len(set(threading.enumerate()) - before)  # threads of earlier tests do not count
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for answer, _ in told:
            answer.close()
        return held, sum(task.cancelled() for task in waiting)

    (one, _), (many, were_waiting) = (async_to_sync(threads_with)(count) for count in (1, 200))
    assert (many, were_waiting) == (one, 200)


def test_a_stranger_sees_nothing():
    run = order(make_learner())
    answer = watched(run, learner=make.make_user())
    assert (answer.status_code, json.loads(answer.content)["code"]) == (404, "not_found")
