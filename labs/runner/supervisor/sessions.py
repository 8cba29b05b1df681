"""Live sessions.

Each has a box, is frozen between runs, and ends after too long an idle time or when its owner opens a
third.
"""

import asyncio
import signal
from dataclasses import dataclass, field

from labs.runner.protocol import Refused, RunLimits
from labs.runner.supervisor import watch
from labs.runner.supervisor.box import Box

PER_OWNER = 2
# Why sessions ended is remembered, so that a late cell gets the right message.
REMEMBERED = 1000


@dataclass
class LiveSession:
    """`used_at` is the event loop's time of the last request. Only the holder of `turn` may talk to the box."""

    id: str
    owner: str
    limits: RunLimits
    box: Box
    used_at: float
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def freeze(self) -> None:
        """Freeze the learner's code between cells, so that leftover threads cannot use the processor."""
        self.box.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.box.signal(signal.SIGCONT)

    def is_idle(self) -> bool:
        return not self.turn.locked()

    def memory_bytes(self) -> int:
        """Return the bytes that the code has taken, which the end of the session frees. Those of its warm runner stay."""
        try:
            return max(0, watch.read(self.box.pid).memory_bytes - self.box.base_memory)
        except watch.Gone:
            return 0


class Sessions:
    """Live sessions by id, and why the others ended. Sessions open one at a time, so two cannot take the same last place."""

    def __init__(self) -> None:
        self.opening = asyncio.Lock()
        self.living: dict[str, LiveSession] = {}
        self.endings: dict[str, str] = {}

    def add(self, session: LiveSession) -> None:
        self.living[session.id] = session
        self.endings.pop(session.id, None)

    def get(self, id: object) -> LiveSession:
        session = self.living.get(id) if isinstance(id, str) else None
        if session is None:
            code = "session_ended" if id in self.endings else "no_such_session"
            raise Refused(code, self.endings.get(id, "That session does not exist. Open it first."))
        return session

    async def end(self, session: LiveSession, reason: str) -> None:
        if self.living.pop(session.id, None) is None:
            return
        self.endings[session.id] = reason
        while len(self.endings) > REMEMBERED:
            del self.endings[next(iter(self.endings))]
        await session.box.kill()
        async with session.turn:
            session.box.let_go()

    def idle(self, owner: str | None = None) -> list[LiveSession]:
        """Return idle sessions, longest idle first; only the owner's if one is given."""
        idle = [session for session in self.living.values() if session.is_idle() and owner in (None, session.owner)]
        return sorted(idle, key=lambda session: session.used_at)

    async def make_room(self, owner: str, most: int) -> list[str]:
        """End the owner's longest idle session if there are two, or anyone's if every place is taken.

        Raises Refused session_busy or at_capacity if all of them are running.
        """
        theirs = [session for session in self.living.values() if session.owner == owner]
        if len(theirs) >= PER_OWNER:
            busy = Refused(
                "session_busy", "You are already running code in two labs. Stop one of them, then try again."
            )
            return [await self.give_way(self.idle(owner), busy)]
        if len(self.living) >= most:
            full = Refused("at_capacity", "The lab is full, so nothing was run. Try again in a minute.")
            return [await self.give_way(self.idle(), full)]
        return []

    async def give_way(self, idle: list[LiveSession], otherwise: Refused) -> str:
        if not idle:
            raise otherwise
        await self.end(idle[0], "The session ended to make room for a newer one.")
        return idle[0].id

    async def sweep(self, now: float) -> None:
        """End sessions that have been idle too long or whose process is gone."""
        for session in list(self.living.values()):
            if session.box.ended.done():
                await self.end(session, "The session's process has ended.")
            elif session.is_idle() and now - session.used_at > session.limits.idle_seconds:
                minutes = session.limits.idle_seconds // 60
                await self.end(session, f"The session ended after {minutes} minutes without a run.")
