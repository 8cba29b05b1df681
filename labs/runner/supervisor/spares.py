"""Spares: sandboxed processes forked, locked down and given a shell in advance, so that a run need not wait.

A spare is as fresh as any other process: it has not run any code of learners, and it serves only one run or session.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from labs.runner.protocol import Refused
from labs.runner.supervisor.box import Box, SetupFailed

# The run that took the last spare first gets the processor for itself.
PAUSE_SECONDS = 0.25


@dataclass(frozen=True)
class BoxKind:
    """Everything that the sandbox was made with; a spare fits only if all of it is equal."""

    runtime: str
    memory_bytes: int
    disk_bytes: int
    threads: int


class Spares:
    """One spare for each of the `most` kinds requested last. `make` makes a box of a kind."""

    def __init__(self, make: Callable[[BoxKind], Awaitable[Box]], most: int = 2):
        self.make, self.most = make, most
        self.boxes: dict[BoxKind, Box] = {}
        self.making: dict[BoxKind, asyncio.Task] = {}

    def take(self, kind: BoxKind) -> Box | None:
        """Return the spare of this kind if one is alive, and start making another for the next request."""
        box = self.boxes.pop(kind, None)
        self.prepare(kind)
        if box is not None and box.ended.done():
            box.let_go()
            return None
        return box

    def prepare(self, kind: BoxKind) -> None:
        if kind not in self.making and kind not in self.boxes and self.most:
            task = self.making[kind] = asyncio.ensure_future(self.prepare_later(kind))
            task.add_done_callback(lambda _: self.making.pop(kind, None))

    async def prepare_later(self, kind: BoxKind) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        while len(self.boxes) >= self.most:
            await self.drop(next(iter(self.boxes)))
        try:
            self.boxes[kind] = await self.make(kind)
        except (SetupFailed, Refused):
            # A run without a spare makes a new box, and reports the problem if that fails too.
            return

    async def drop(self, kind: BoxKind) -> None:
        box = self.boxes.pop(kind)
        await box.end()

    async def drop_worn(self) -> None:
        """Drop spares whose warm runner is due for recycling, because they would keep it alive."""
        for kind, box in list(self.boxes.items()):
            if box.made_by_retired():
                await self.drop(kind)
                self.prepare(kind)

    async def close(self) -> None:
        for task in list(self.making.values()):
            task.cancel()
        await asyncio.gather(*self.making.values(), return_exceptions=True)
        for kind in list(self.boxes):
            await self.drop(kind)
