"""Live sessions: a box each, frozen while nothing runs in it, ended when idle too long or when its owner opens a third."""

import asyncio
import signal
from dataclasses import dataclass, field

from labs.runner.protocol import Limits, Refused
from labs.runner.supervisor.box import Box

PER_OWNER = 2
# Ended sessions are remembered by their reason, so that a late cell gets the right sentence.
REMEMBERED = 1000


@dataclass
class Session:
    """`used_at` is the loop's time of the last request. Only the holder of `turn` may speak with the box."""

    id: str
    owner: str
    limits: Limits
    box: Box
    used_at: float
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def freeze(self) -> None:
        """Between cells nothing of the learner's runs: no thread left behind can use the processor."""
        self.box.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.box.signal(signal.SIGCONT)

    def is_idle(self) -> bool:
        return not self.turn.locked()


class Sessions:
    """The living by id, and why the others ended. One opens at a time, so that two cannot take the same last place."""

    def __init__(self) -> None:
        self.opening = asyncio.Lock()
        self.living: dict[str, Session] = {}
        self.endings: dict[str, str] = {}

    def add(self, session: Session) -> None:
        self.living[session.id] = session
        self.endings.pop(session.id, None)

    def get(self, id: object) -> Session:
        session = self.living.get(id) if isinstance(id, str) else None
        if session is None:
            code = "session_ended" if id in self.endings else "no_such_session"
            raise Refused(code, self.endings.get(id, "There is no such session: open it first."))
        return session

    async def end(self, session: Session, reason: str) -> None:
        if self.living.pop(session.id, None) is None:
            return
        self.endings[session.id] = reason
        while len(self.endings) > REMEMBERED:
            del self.endings[next(iter(self.endings))]
        await session.box.kill()
        async with session.turn:
            session.box.let_go()

    def idle(self, owner: str | None = None) -> list[Session]:
        """Idle sessions, the longest idle first; of one owner if named."""
        found = [each for each in self.living.values() if each.is_idle() and owner in (None, each.owner)]
        return sorted(found, key=lambda each: each.used_at)

    async def make_room(self, owner: str, places: int) -> list[str]:
        """Ends the owner's longest idle session if there are two, or anyone's if every place is taken. Refused:
        session_busy or at_capacity when all of them are at work."""
        theirs = [each for each in self.living.values() if each.owner == owner]
        if len(theirs) >= PER_OWNER:
            busy = Refused("session_busy", "Two labs of yours are running code. Stop one of them first.")
            return [await self.give_way(self.idle(owner), busy)]
        if len(self.living) >= places:
            full = Refused("at_capacity", "Every place in the lab is taken. Try again in a minute.")
            return [await self.give_way(self.idle(), full)]
        return []

    async def give_way(self, idle: list[Session], otherwise: Refused) -> str:
        if not idle:
            raise otherwise
        await self.end(idle[0], "The session gave way to a newer one.")
        return idle[0].id

    async def sweep(self, now: float) -> None:
        """Ends what has been idle too long, or whose process is gone."""
        for session in list(self.living.values()):
            if session.box.ended.done():
                await self.end(session, "The session's process has ended.")
            elif session.is_idle() and now - session.used_at > session.limits.idle_seconds:
                minutes = session.limits.idle_seconds // 60
                await self.end(session, f"The session ended after {minutes} minutes without a run.")
