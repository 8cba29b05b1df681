"""Runs as their followers see them: events in order, kept until the run is forgotten, sent to each follower from the
place it asks for.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager

from labs.runner.protocol import Refused
from labs.runner.supervisor.box import Box
from labs.runner.supervisor.output import joined, joins

# Writes in quick succession are passed on together; the first one after a pause goes at once.
GATHER_SECONDS = 0.03
GATHER_CHARACTERS = 64 << 10
REMEMBER_SECONDS, REMEMBERED_RUNS, REMEMBERED_BYTES = 180, 200, 128 << 20
FOLDERS_KEPT = 8

Work = Callable[["ActiveRun"], Awaitable[dict]]


class ActiveRun:
    """A run and its events: dicts with a `seq` from 1 on. Set `stop` to request its end."""

    def __init__(self, id: str):
        self.id = id
        self.began = time.monotonic()
        self.parts: list[dict] = []
        self.events: list[dict] = []
        self.stop = asyncio.Event()
        self.is_finished = False
        self.finished_at = 0.0
        self.bytes = 0
        self.news = asyncio.Event()
        self.pending: dict | None = None
        self.flushed_at = float("-inf")
        self.timer: asyncio.TimerHandle | None = None

    @contextmanager
    def measured(self, name: str) -> Iterator[None]:
        """Note when a part of the run began and ended, for a trace."""
        begin = time.monotonic() - self.began
        try:
            yield
        finally:
            self.parts.append({"name": name, "begin": round(begin, 6), "end": round(time.monotonic() - self.began, 6)})

    def tell(self, event: str, **fields: object) -> None:
        self.flush()
        self.append({"event": event, **fields})

    def append(self, event: dict) -> None:
        numbered = {"event": event["event"], "seq": len(self.events) + 1, **event}
        self.bytes += len(json.dumps(numbered))
        self.events.append(numbered)
        self.news.set()
        self.news = asyncio.Event()

    def finish(self, **fields: object) -> None:
        self.tell("finished", **fields)
        self.is_finished = True
        self.finished_at = asyncio.get_running_loop().time()
        self.news.set()

    def frame(self, cell: str | None, bundle: dict) -> None:
        frame = {"event": "frame", "cell": cell, "data": bundle}
        if self.pending is not None and joins(self.pending, frame):
            self.pending = joined(self.pending, frame)
        else:
            self.flush()
            self.pending = frame
        self.flush_in_time()

    def flush_in_time(self) -> None:
        loop = asyncio.get_running_loop()
        waited = loop.time() - self.flushed_at
        if waited >= GATHER_SECONDS or len(self.pending["data"].get("text/plain", "")) > GATHER_CHARACTERS:
            self.flush()
        elif self.timer is None:
            self.timer = loop.call_later(GATHER_SECONDS - waited, self.flush)

    def flush(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        if self.pending is not None:
            frame, self.pending = self.pending, None
            self.flushed_at = asyncio.get_running_loop().time()
            self.append(frame)

    async def follow(self, after: int) -> AsyncIterator[dict]:
        """Yield events with a `seq` above `after`, as they come, up to the last."""
        at = max(after, 0)
        while True:
            news = self.news
            while at < len(self.events):
                yield self.events[at]
                at += 1
            if self.is_finished:
                return
            await news.wait()


class Runs:
    """All runs by id: the active ones, and finished ones for a while, the latest with their folders."""

    def __init__(self, most: int):
        self.most = most
        self.by_id: dict[str, ActiveRun] = {}
        self.kept: dict[str, Box] = {}
        self.tasks: set[asyncio.Task] = set()

    def start(self, id: str, work: Work) -> ActiveRun:
        """Start a run; `work` returns the facts for its `finished` event. Raises Refused at_capacity."""
        if len(self.tasks) >= self.most:
            raise Refused("at_capacity", "The lab is full, so nothing was run. Try again in a moment.")
        run = self.by_id[id] = ActiveRun(id)
        task = asyncio.ensure_future(self.carry_out(run, work))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return run

    async def carry_out(self, run: ActiveRun, work: Work) -> None:
        run.tell("started")
        run.finish(**await work(run))

    def keep_folder(self, run: ActiveRun, box: Box) -> None:
        """Keep the work folder of an ended process readable until the run is forgotten or newer ones need the room."""
        box.hang_up()
        self.kept[run.id] = box
        while len(self.kept) > FOLDERS_KEPT:
            self.kept.pop(next(iter(self.kept))).let_go()

    def forget(self, now: float) -> None:
        """Drop finished runs that are old, or the oldest ones if they are too many or too large."""
        finished = [run for run in self.by_id.values() if run.is_finished]
        size = sum(run.bytes for run in finished)
        for at, run in enumerate(finished):
            is_old = now - run.finished_at > REMEMBER_SECONDS
            if is_old or len(finished) - at > REMEMBERED_RUNS or size > REMEMBERED_BYTES:
                size -= run.bytes
                self.drop(run)

    def drop(self, run: ActiveRun) -> None:
        del self.by_id[run.id]
        if run.id in self.kept:
            self.kept.pop(run.id).let_go()

    async def close(self) -> None:
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        while self.kept:
            self.kept.popitem()[1].let_go()
