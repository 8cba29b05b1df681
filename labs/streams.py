"""Live output: a file per run on one machine, a Redis stream beyond. Output never queues before answers.

Every event carries the `claim` of the worker that wrote it, so that a reader can leave out who lost the run.
An event's id says from where to read on; what is no such id reads from the beginning.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any

import redis
import redis.asyncio
from django.conf import settings

from labs.arrivals import bell_for

PAUSE = 0.1  # seconds between looks at a file, where the kernel wakes nobody
WAIT = 15.0  # seconds without an event, after which a reader is told so
KEPT = 3600  # seconds that a stream is kept after its last event
AWAY = 1.0  # seconds until a watcher looks again for a Redis that is away
SILENCE = 5.0  # seconds for which a Redis that failed is left alone
FIELD = b"event"

log = logging.getLogger(__name__)

type Numbered = tuple[str, dict[str, Any]]


def append(run_id: str, event: dict[str, Any]) -> None:
    line = json.dumps(event)
    if settings.REDIS_URL:
        _append_to_redis(run_id, line)
    else:
        path = _path(run_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(line.encode() + b"\n")


async def follow(run_id: str, after: str) -> AsyncIterator[Numbered | None]:
    """Events after that id as they come, each with its own; None after every WAIT without one. Never ends by itself."""
    following = _follow_redis(run_id, after) if settings.REDIS_URL else _follow_file(run_id, after)
    async for each in following:
        yield each


def remove_old(now: float) -> int:
    """Files that nobody has written to for KEPT seconds before `now`, a time since the epoch. Redis forgets by itself."""
    folder = Path(settings.DATA) / "streams"
    old = [path for path in folder.glob("*.jsonl") if now - path.stat().st_mtime > KEPT]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _path(run_id: str) -> Path:
    return Path(settings.DATA) / "streams" / f"{run_id}.jsonl"


def _key(run_id: str) -> str:
    return f"labs:stream:{run_id}"


async def _follow_file(run_id: str, after: str) -> AsyncIterator[Numbered | None]:
    path = _path(run_id)
    place = _place_after(path, after)
    heard_at = time.monotonic()
    with bell_for(path, PAUSE) as bell:
        while True:
            events, place = _read_from(path, place)
            for each in events:
                yield each
            now = time.monotonic()
            if events:
                heard_at = now
            elif now - heard_at >= WAIT:
                heard_at = now
                yield None
            await bell.wait(max(0.0, heard_at + WAIT - now))


def _place_after(path: Path, after: str) -> int:
    """The offset that an id names if a line ends there, else 0."""
    if not (after.isascii() and after.isdigit()) or len(after) > 15 or not path.exists():
        return 0
    with path.open("rb") as file:
        file.seek(max(int(after) - 1, 0))
        return int(after) if file.read(1) == b"\n" else 0


def _read_from(path: Path, place: int) -> tuple[list[Numbered], int]:
    """Whole lines from there on. One look is a `stat` where nothing is new."""
    try:
        if path.stat().st_size <= place:
            return [], place
        with path.open("rb") as file:
            file.seek(place)
            content = file.read(1 << 20) or b""
            while b"\n" not in content and (more := file.read(1 << 20)):
                content += more
    except FileNotFoundError:
        return [], place
    events = []
    for line in content[: content.rfind(b"\n") + 1].splitlines(keepends=True):
        place += len(line)
        events.append((str(place), json.loads(line)))
    return events, place


@cache
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=1)


def _append_to_redis(run_id: str, line: str) -> None:
    """Without Redis nobody watches live; the run goes on, and its row has the output in the end.

    After a failure nothing is tried for a while, so that a Redis that hangs holds up no run line by line.
    """
    if time.monotonic() < _silence.until:
        return
    try:
        with _redis(settings.REDIS_URL).pipeline(transaction=False) as both:
            both.xadd(_key(run_id), {FIELD: line}, maxlen=20_000).expire(_key(run_id), KEPT).execute()
    except redis.RedisError as error:
        _silence.until = time.monotonic() + SILENCE
        log.warning("events reach no watcher for %g s, first one of run %s: %s", SILENCE, run_id, error)


class Silence:
    """Until when Redis is not tried, on the monotonic clock."""

    until = 0.0


_silence = Silence()


async def _follow_redis(run_id: str, after: str) -> AsyncIterator[Numbered | None]:
    """While Redis is away there is silence; then it is read on from where it was."""
    last = after if after.replace("-", "", 1).isdigit() and after.isascii() else "0"
    async with redis.asyncio.Redis.from_url(settings.REDIS_URL) as source:
        while True:
            try:
                found = await source.xread({_key(run_id): last}, count=200, block=int(WAIT * 1000))
            except redis.RedisError as error:
                log.info("a watcher of run %s waits for Redis: %s", run_id, error)
                await asyncio.sleep(AWAY)
                found = None
            if not found:
                yield None
            for _, entries in found or ():
                for number, fields in entries:
                    last = number.decode()
                    yield last, json.loads(fields[FIELD])
