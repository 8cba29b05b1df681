"""Both kinds of stream give the same events: a file on a single machine, Redis beyond."""

import asyncio
import os

import pytest

from labs import streams
from labs.watching import WatcherSlots
from tests.loops import ran


@pytest.fixture(params=["file", "redis"])
def kind(request, settings):
    settings.REDIS_URL = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    streams._redis.cache_clear()
    return request.param


def said(name, claim=1):
    return {"event": name, "claim": claim}


async def no_rest():
    pass


def heard(run_id, after="", count=1):
    """Return the next `count` events that a follower gets."""

    async def follow():
        told = streams.follow_events(run_id, after, no_rest)
        found = [await anext(told) for _ in range(count)]
        await told.aclose()
        return found

    return ran(follow())


def test_events_come_in_order_and_an_id_resumes_them(kind):
    for name in ("one", "two", "three"):
        streams.append(f"run-{kind}", said(name))
    told = heard(f"run-{kind}", count=3)
    assert [event for _, event in told] == [said("one"), said("two"), said("three")]
    assert heard(f"run-{kind}", after=told[0][0], count=2) == told[1:]
    assert heard(f"run-{kind}", after="nonsense", count=3) == told


def test_a_follower_of_a_run_that_has_begun_is_told_of_silence_less_often(kind, monkeypatch):
    monkeypatch.setattr(streams, "QUEUED_WAIT", 0.001)
    monkeypatch.setattr(streams, "WAIT", 0.1)
    streams.append(f"begun-{kind}", said("started"))
    (_, event), silence = heard(f"begun-{kind}", count=2)
    assert (event, silence) == (said("started"), None)
    assert (streams.longest_silence(has_events=False), streams.longest_silence(has_events=True)) == (0.001, 0.1)


def test_an_early_follower_gets_events_as_they_come_and_none_in_silence(kind, monkeypatch):
    monkeypatch.setattr(streams, "QUEUED_WAIT", 0.1)

    async def both():
        told = streams.follow_events(f"late-{kind}", "", no_rest)
        silence = await anext(told)
        await asyncio.to_thread(streams.append, f"late-{kind}", said("news"))
        while (each := await anext(told)) is None:
            pass
        await told.aclose()
        return silence, each[1]

    assert ran(both()) == (None, said("news"))


def test_a_long_output_is_sent_in_chunks_with_a_pause_after_each(kind):
    """A replay without pauses would delay every other request of the event loop."""
    count = 5 * streams.BATCH
    for _ in range(count):
        streams.append(f"long-{kind}", said("x" * 400))

    async def follow():
        rested = []

        async def rest():
            rested.append(told)

        told = 0
        async for _ in streams.follow_events(f"long-{kind}", "", rest):
            told += 1
            if told == count:
                break
        return rested

    rested = ran(follow())
    assert len(rested) >= 4
    assert max(later - earlier for earlier, later in zip([0, *rested], [*rested, count], strict=True)) <= streams.BATCH


def test_all_streams_of_a_person_rest_together_and_those_of_another_apart():
    places = WatcherSlots()
    mine, more, others = places.take(1), places.take(1), places.take(2)
    assert (mine.resting is more.resting, mine.resting is others.resting) == (True, False)
    for place in (mine, more, others, mine):
        place.give_back()
    assert (places.held.total(), places.resting) == (0, {})


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


@pytest.mark.parametrize(
    "half", [b'{"event": "fra', b'{"event": "fra{"event": "started", "claim": 1}\n', b"\0\0\0\0\0"]
)
def test_half_a_line_costs_a_follower_that_line_alone(settings, half):
    """A full disk or a killed worker leaves it; the second is what earlier versions made of it."""
    settings.REDIS_URL = ""
    streams.append("torn", said("one"))
    with (settings.DATA / "streams" / "torn.jsonl").open("ab") as file:
        file.write(half)
    for name in ("two", "three"):
        streams.append("torn", said(name))
    told = heard("torn", count=3)
    assert [event for _, event in told] == [said("one"), said("two"), said("three")]
    assert heard("torn", after=told[0][0], count=2) == told[1:]


def test_a_large_file_is_kept_only_for_minutes_once_its_run_has_ended(settings, monkeypatch):
    monkeypatch.setattr(streams, "LARGE", 100)
    settings.REDIS_URL = ""
    folder = settings.DATA / "streams"
    told = {"large": ("x" * 100, "finished"), "small": ("x", "finished"), "silent": ("x" * 100, "frame")}
    for name, events in told.items():
        for event in events:
            streams.append(name, said(event))
        os.utime(folder / f"{name}.jsonl", (1000, 1000))
    (folder / "torn.jsonl").write_bytes(b"x" * 101)  # half a line
    os.utime(folder / "torn.jsonl", (1000, 1000))
    assert streams.remove_old(now=1000 + streams.LARGE_KEPT) == 0
    assert streams.remove_old(now=1000 + streams.LARGE_KEPT + 1) == 1
    assert {path.stem for path in folder.iterdir()} == {"small", "silent", "torn"}
    assert streams.remove_old(now=1000 + streams.KEPT + 1) == 3


def test_a_large_stream_on_redis_expires_soon_after_the_run_has_finished(redis_url, settings):
    """However small its first events are: Redis measures all of it, not a sample."""
    settings.REDIS_URL = redis_url
    streams._redis.cache_clear()
    server = streams._redis(redis_url)
    for name, text in (("much", "x" * (streams.LARGE // 4)), ("little", "x")):
        for _ in range(600):
            streams.append(name, said("cell"))
        for _ in range(5):
            streams.append(name, {**said("frame"), "data": text})
        assert server.ttl(f"labs:stream:{name}") > streams.LARGE_KEPT  # a run may print nothing for minutes
        streams.append(name, said("finished"))
    assert 0 < server.ttl("labs:stream:much") <= streams.LARGE_KEPT < server.ttl("labs:stream:little")
