"""Live output: a file per run on a single machine, a Redis stream beyond. Output never delays learners' answers.

Every event carries the `claim` of the worker that wrote it, so readers can ignore workers that lost the run. An event's
id says where to continue reading; an unknown id means the beginning.
"""

import asyncio
import json
import logging
import os
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from foundation.fast.lazy import lazily
from labs.arrivals import waiter_for

if TYPE_CHECKING:
    import redis
    import redis.asyncio
else:
    redis = lazily("redis")  # 8 MB that a single machine does not need

PAUSE = 0.1  # seconds between looks at a file without a watch of the kernel
WAIT = 15.0  # seconds without an event before the reader is told
QUEUED_WAIT = 1.0  # the same before the first event, while the run waits in the queue
KEPT = 3600  # seconds that a stream is kept after its last event
AWAY = 1.0  # seconds before a watcher tries an unavailable Redis again
SILENCE = 5.0  # seconds before a failed Redis is tried again
FIELD = b"event"
BEGINNING = "0"  # the id before the first event of a Redis stream
CHUNK = 32 << 10  # bytes of a file to read before other coroutines get a turn
BATCH = 200  # events of a Redis stream to read before other coroutines get a turn
# A stream of more bytes is kept only LARGE_KEPT seconds after its run has ended: the database then has it in pages.
LARGE = 1 << 20
LARGE_KEPT = 300
LAST = "finished"  # the last event of every stream

log = logging.getLogger(__name__)

type Numbered = tuple[str, dict[str, Any]]
type Rest = Callable[[], Awaitable[None]]


def append(run_id: str, event: dict[str, Any], *, creates: bool = True) -> bool:
    """Append an event to a run's stream. Return False if the stream does not exist and `creates` is False."""
    line = json.dumps(event)
    if settings.REDIS_URL:
        return _append_to_redis(run_id, line, creates=creates, is_last=event["event"] == LAST)
    path = _path(run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | (os.O_CREAT if creates else 0), 0o666)
    except FileNotFoundError:
        return False
    with open(descriptor, "ab") as file:
        file.write(_end_of_half_line(descriptor) + line.encode() + b"\n")
    return True


def _end_of_half_line(file: int) -> bytes:
    """Return a newline if the file ends in half a line, which a full disk or a killed worker leaves, else nothing."""
    size = os.fstat(file).st_size
    return b"\n" if size and os.pread(file, 1, size - 1) != b"\n" else b""


async def follow_events(run_id: str, after: str, rest: Rest) -> AsyncIterator[Numbered | None]:
    """Yield (id, event) for the events after that id as they come, and None after every WAIT without one. Never ends.

    Before the first event, None comes after every QUEUED_WAIT.

    `rest` is awaited between chunks of a long output, so that a replay does not block other coroutines.
    """
    following = _follow_redis(run_id, after, rest) if settings.REDIS_URL else _follow_file(run_id, after, rest)
    async for numbered in following:
        yield numbered


def remove_old(now: float) -> int:
    """Remove files that were not written to in the KEPT seconds before `now` (seconds since the epoch), or in the
    LARGE_KEPT seconds if they are large and their runs have ended.

    Redis expires its streams automatically.
    """
    folder = Path(settings.DATA) / "streams"
    files = [(path, path.stat()) for path in folder.glob("*.jsonl")]
    old = [path for path, stat in files if _is_old(path, stat.st_size, now - stat.st_mtime)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _is_old(path: Path, size: int, age: float) -> bool:
    return age > KEPT or (size > LARGE and age > LARGE_KEPT and _has_ended(path))


def _has_ended(path: Path) -> bool:
    """Return whether the last line of a file is the last event of its run. A run may be silent for minutes."""
    with suppress(FileNotFoundError, ValueError), path.open("rb") as file:
        [line] = deque(file, maxlen=1)
        return json.loads(line)["event"] == LAST
    return False


def forget_streams(run_ids: Sequence[str]) -> None:
    """Remove the live output of these runs at once. If Redis is unavailable, it expires there after KEPT seconds."""
    for run_id in run_ids:
        _path(run_id).unlink(missing_ok=True)
    if settings.REDIS_URL and run_ids:
        try:
            _redis(settings.REDIS_URL).delete(*map(_key, run_ids))
        except redis.RedisError as error:
            log.warning("live output stays until it expires: %s", error)


def _path(run_id: str) -> Path:
    return Path(settings.DATA) / "streams" / f"{run_id}.jsonl"


def _key(run_id: str) -> str:
    return f"labs:stream:{run_id}"


async def _follow_file(run_id: str, after: str, rest: Rest) -> AsyncIterator[Numbered | None]:
    path = _path(run_id)
    offset = _offset_after(path, after)
    event_at = time.monotonic()
    with waiter_for(path, PAUSE) as waiter:
        while True:
            before = offset
            events, offset = _read_from(path, offset)
            for numbered in events:
                yield numbered
            if offset - before >= CHUNK:
                await rest()
                continue
            now = time.monotonic()
            if events:
                event_at = now
            elif now - event_at >= longest_silence(has_events=offset > 0):
                event_at = now
                yield None
            await waiter.wait(max(0.0, event_at + longest_silence(has_events=offset > 0) - now))


def longest_silence(*, has_events: bool) -> float:
    """Return the seconds without an event after which the reader is told; `has_events` says whether it has had one."""
    return WAIT if has_events else QUEUED_WAIT


def _offset_after(path: Path, after: str) -> int:
    """Return the offset that an id names if a line ends there, else 0."""
    if not (after.isascii() and after.isdigit()) or len(after) > 15 or not path.exists():
        return 0
    with path.open("rb") as file:
        file.seek(max(int(after) - 1, 0))
        return int(after) if file.read(1) == b"\n" else 0


def _read_from(path: Path, offset: int) -> tuple[list[Numbered], int]:
    """Return the events in the complete lines from `offset` on, and the offset after them. Half lines are skipped.

    Without new lines, this costs one `stat`.
    """
    try:
        if path.stat().st_size <= offset:
            return [], offset
        with path.open("rb") as file:
            file.seek(offset)
            content = file.read(CHUNK) + file.readline()
    except FileNotFoundError:
        return [], offset
    events = []
    for line in content[: content.rfind(b"\n") + 1].splitlines(keepends=True):
        offset += len(line)
        with suppress(ValueError):
            events.append((str(offset), json.loads(line)))
    return events, offset


@cache
def _redis(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=1)


def _append_to_redis(run_id: str, line: str, *, creates: bool, is_last: bool) -> bool:
    """Append a line to the run's Redis stream. Return False if the stream does not exist and may not be created.

    Without Redis, people cannot watch live. The run continues, and its row gets the whole output at the end.

    After a failure Redis is not tried for a while, so that a hanging Redis does not delay a run at every line.

    A large stream expires soon after its last event. Redis measures it, because several workers may have written to it.
    """
    if is_silent():
        return True
    try:
        server = _redis(settings.REDIS_URL)
        kept = LARGE_KEPT if is_last and (server.memory_usage(_key(run_id), samples=0) or 0) > LARGE else KEPT
        with server.pipeline(transaction=False) as both:
            both.xadd(_key(run_id), {FIELD: line}, maxlen=20_000, nomkstream=not creates)
            number, _ = both.expire(_key(run_id), kept).execute()
    except redis.RedisError as error:
        _silence.until = time.monotonic() + SILENCE
        log.warning("no events can be sent for %g s; the first lost event is of run %s: %s", SILENCE, run_id, error)
        return True
    return number is not None


def is_silent() -> bool:
    """Return whether Redis failed a moment ago, so that trying it again could delay somebody."""
    return time.monotonic() < _silence.until


class Silence:
    """The time until which Redis is not tried, on the monotonic clock."""

    until = 0.0


_silence = Silence()


async def _follow_redis(run_id: str, after: str, rest: Rest) -> AsyncIterator[Numbered | None]:
    """Yield events from Redis. While Redis is unavailable, yield only None; then continue from the last event."""
    last = after if after.replace("-", "", 1).isdigit() and after.isascii() else BEGINNING
    async with redis.asyncio.Redis.from_url(settings.REDIS_URL) as source:
        while True:
            try:
                batches = await source.xread(
                    {_key(run_id): last}, count=BATCH, block=int(longest_silence(has_events=last != BEGINNING) * 1000)
                )
            except redis.RedisError as error:
                log.info("a watcher of run %s waits for Redis: %s", run_id, error)
                await asyncio.sleep(AWAY)
                batches = None
            if not batches:
                yield None
            for _, entries in batches or ():
                for number, fields in entries:
                    last = number.decode()
                    yield last, json.loads(fields[FIELD])
                if len(entries) == BATCH:
                    await rest()
