"""Both kinds of stream tell the same: a file on one machine, Redis beyond."""

import asyncio
import os

import pytest

from labs import streams
from tests.loops import ran


@pytest.fixture(params=["file", "redis"])
def kind(request, settings):
    settings.REDIS_URL = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    streams._redis.cache_clear()
    return request.param


def said(name, claim=1):
    return {"event": name, "claim": claim}


def heard(run_id, after="", count=1):
    """The next `count` of what a follower is told."""

    async def follow():
        told = streams.follow(run_id, after)
        found = [await anext(told) for _ in range(count)]
        await told.aclose()
        return found

    return ran(follow())


def test_events_come_in_order_and_an_id_says_where_to_go_on(kind):
    for name in ("one", "two", "three"):
        streams.append(f"run-{kind}", said(name))
    told = heard(f"run-{kind}", count=3)
    assert [event for _, event in told] == [said("one"), said("two"), said("three")]
    assert heard(f"run-{kind}", after=told[0][0], count=2) == told[1:]
    assert heard(f"run-{kind}", after="nonsense", count=3) == told


def test_a_follower_who_came_first_is_told_as_it_comes_and_of_silence(kind, monkeypatch):
    monkeypatch.setattr(streams, "WAIT", 0.1)

    async def both():
        told = streams.follow(f"late-{kind}", "")
        silence = await anext(told)
        await asyncio.to_thread(streams.append, f"late-{kind}", said("news"))
        while (each := await anext(told)) is None:
            pass
        await told.aclose()
        return silence, each[1]

    assert ran(both()) == (None, said("news"))


def test_redis_away_costs_watchers_their_view_and_the_run_nothing(settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    streams._redis.cache_clear()
    streams.append("run", said("one"))


def test_files_of_an_hour_ago_are_removed(settings):
    settings.REDIS_URL = ""
    for name in ("old", "new"):
        streams.append(name, said("one"))
    os.utime(settings.DATA / "streams" / "old.jsonl", (1000, 1000))
    assert streams.remove_old(now=1000 + streams.KEPT + 1) == 1
    assert [path.stem for path in (settings.DATA / "streams").iterdir()] == ["new"]
