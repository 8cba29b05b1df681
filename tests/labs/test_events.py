"""The event stream: what happened so far, then what happens, from where the watcher left off."""

import asyncio
import json
import threading

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient

from labs import streams
from labs.tasks import run_queued
from tests import factories as make
from tests.labs.making import make_learner, order

pytestmark = pytest.mark.django_db


def watched(run, *, learner, after=""):
    """The events of a finished run as [(id, event, data)], or the response where there is no stream."""

    async def watch():
        browser = AsyncClient()
        await browser.aforce_login(learner)
        answer = await browser.get(f"/api/v1/runs/{run.pk}/events/", headers={"Last-Event-ID": after})
        if not answer.streaming:
            return answer
        return [event_in(each) async for each in answer.streaming_content]

    return async_to_sync(watch)()


def event_in(lines):
    said = dict(line.split(": ", 1) for line in lines.decode().strip().splitlines())
    return said.get("id"), said["event"], json.loads(said["data"])


def test_a_watcher_is_told_everything_and_after_a_break_only_the_rest(runner):
    learner = make_learner()
    run = order(learner, "print('one')")
    run_queued("quick")
    events = watched(run, learner=learner)
    kinds = [event for _, event, _ in events if event != "frame"]
    assert kinds == ["started", "cell", "cell", "finished"]
    told = "".join(data["data"]["text/plain"] for _, event, data in events if event == "frame")
    assert told == "one\n"
    assert events[-1][2] == {"verdict": "succeeded", "message": "", "tests": None}
    assert watched(run, learner=learner, after=events[2][0]) == events[3:]


@pytest.mark.parametrize("after", ["", "3", "-1", "9" * 400, "x", "0-1"])
def test_an_id_that_is_none_begins_at_the_beginning(runner, after):
    learner = make_learner()
    run = order(learner)
    run_queued("quick")
    assert watched(run, learner=learner, after=after)[0][1] == "started"


def test_what_a_worker_says_who_lost_the_run_is_left_out(runner):
    learner = make_learner()
    run = order(learner)
    for claim, event in ((1, "started"), (2, "started"), (1, "cell"), (2, "finished")):
        streams.append(run.pk, {"event": event, "claim": claim})
    assert [event for _, event, _ in watched(run, learner=learner)] == ["started", "started", "finished"]


def test_a_finished_run_whose_stream_is_gone_still_ends_the_watch(runner, monkeypatch, settings):
    learner = make_learner()
    run = order(learner)
    run_queued("quick")
    (settings.DATA / "streams" / f"{run.pk}.jsonl").unlink()
    monkeypatch.setattr(streams, "WAIT", 0.05)
    assert watched(run, learner=learner) == [(None, "finished", {"verdict": "succeeded", "message": "", "tests": None})]


def test_two_hundred_watchers_hold_no_thread():
    learner = make_learner()
    run = order(learner)
    streams.append(run.pk, {"event": "started", "claim": 1})

    async def threads_with(count):
        browser = AsyncClient()
        await browser.aforce_login(learner)
        answers = [await browser.get(f"/api/v1/runs/{run.pk}/events/") for _ in range(count)]
        told = [aiter(answer.streaming_content) for answer in answers]
        for each in told:
            assert event_in(await anext(each))[1] == "started"
        waiting = [asyncio.ensure_future(anext(each)) for each in told]
        await asyncio.sleep(0)
        held = threading.active_count()
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return held, sum(task.cancelled() for task in waiting)

    (one, _), (many, were_waiting) = (async_to_sync(threads_with)(count) for count in (1, 200))
    assert (many, were_waiting) == (one, 200)


def test_a_stranger_sees_nothing():
    run = order(make_learner())
    answer = watched(run, learner=make.make_user())
    assert (answer.status_code, json.loads(answer.content)["code"]) == (404, "not_found")
