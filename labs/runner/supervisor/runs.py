"""A run as its followers see it: events in order, kept until it is forgotten, sent to whoever asks from wherever they are."""

import asyncio
from collections.abc import AsyncIterator

from labs.runner.supervisor.output import joined, joins

# Writes that come faster are passed on together; the first one after a pause goes at once.
GATHER_SECONDS = 0.03
GATHER_CHARACTERS = 64 << 10


class Run:
    """Events are dicts with a `seq` from 1 on. `stop` is set to ask for its end."""

    def __init__(self, id: str):
        self.id = id
        self.events: list[dict] = []
        self.stop = asyncio.Event()
        self.is_finished = False
        self.finished_at = 0.0
        self.bytes = 0
        self.news = asyncio.Event()
        self.pending: dict | None = None
        self.flushed_at = float("-inf")
        self.timer: asyncio.TimerHandle | None = None

    def tell(self, event: str, **facts: object) -> None:
        self.flush()
        self.append({"event": event, **facts})

    def append(self, event: dict) -> None:
        self.events.append({"event": event["event"], "seq": len(self.events) + 1, **event})
        self.news.set()
        self.news = asyncio.Event()

    def finish(self, **facts: object) -> None:
        self.tell("finished", **facts)
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
        """Events with a `seq` above `after`, as they come, up to the last."""
        at = max(after, 0)
        while True:
            news = self.news
            while at < len(self.events):
                yield self.events[at]
                at += 1
            if self.is_finished:
                return
            await news.wait()
