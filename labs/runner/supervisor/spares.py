"""A sandboxed process in reserve: forked, fenced in and with its shell made before anyone asks, so that a run waits for
neither. It is as fresh as any other: nothing of a learner's ever ran in it, and it serves one run or session only."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from labs.runner.protocol import Refused
from labs.runner.supervisor.box import Box, SetupFailed

# The run that took the last one gets the processor to itself first.
PAUSE_SECONDS = 0.25


@dataclass(frozen=True)
class Kind:
    """What must be the same for a spare to fit: everything that its sandbox was made with."""

    runtime: str
    memory_bytes: int
    disk_bytes: int
    threads: int


class Spares:
    """One spare of each of the `most` kinds asked for last. `make` makes a box of a kind."""

    def __init__(self, make: Callable[[Kind], Awaitable[Box]], most: int = 2):
        self.make, self.most = make, most
        self.boxes: dict[Kind, Box] = {}
        self.making: dict[Kind, asyncio.Task] = {}

    def take(self, kind: Kind) -> Box | None:
        """The spare of this kind, if one is alive; another is made for the next to ask."""
        box = self.boxes.pop(kind, None)
        self.prepare(kind)
        if box is not None and box.ended.done():
            box.let_go()
            return None
        return box

    def prepare(self, kind: Kind) -> None:
        if kind not in self.making and kind not in self.boxes and self.most:
            task = self.making[kind] = asyncio.ensure_future(self.prepare_later(kind))
            task.add_done_callback(lambda _: self.making.pop(kind, None))

    async def prepare_later(self, kind: Kind) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        while len(self.boxes) >= self.most:
            await self.drop(next(iter(self.boxes)))
        try:
            self.boxes[kind] = await self.make(kind)
        except (SetupFailed, Refused):
            # A run that finds no spare makes its own box, and says what is wrong if that fails too.
            return

    async def drop(self, kind: Kind) -> None:
        box = self.boxes.pop(kind)
        await box.kill()
        box.let_go()

    async def drop_worn(self) -> None:
        """Those whose warm runner is to be recycled, which they would keep alive."""
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
