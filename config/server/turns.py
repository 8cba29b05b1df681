"""Which request goes next: by rank, and among equals one of each party after another.

Only a few requests begin at a time, because threads that compete for Python's interpreter lock waste the processor.
"""

import asyncio
from collections import OrderedDict, deque

from config.server.kinds import Rank
from config.server.parties import Party

FEW = 2  # requests that begin at a time
SOON = 0.05  # seconds after which a request waits for something else than the processor, so that the next one begins
EVERY = 8  # of so many turns, one goes to a lower rank that waits, so that no rank waits for ever
ORDER = (Rank.ANSWER, Rank.PERSON, Rank.STRANGER)
LOWER_FIRST = ((Rank.STRANGER, Rank.PERSON, Rank.ANSWER), (Rank.PERSON, Rank.STRANGER, Rank.ANSWER))  # in turn


class RankLine:
    """Those of one rank who wait, each party in turn."""

    def __init__(self) -> None:
        self.parties = OrderedDict[Party, deque[asyncio.Future[None]]]()

    def join(self, party: Party, turn: asyncio.Future[None]) -> None:
        if party not in self.parties:
            self.parties[party] = deque()
        self.parties[party].append(turn)

    def next_turn(self) -> asyncio.Future[None] | None:
        """Return the turn that is next, which leaves the line. Turns of requests that gave up are dropped."""
        while self.parties:
            party, turns = self.parties.popitem(last=False)
            turn = turns.popleft()
            if turns:
                self.parties[party] = turns
            if not turn.done():
                return turn
        return None


class RequestTurns:
    """Lets requests begin: `few` at a time, besides those that take longer than `soon` seconds, and one per thread.

    Each rank leaves one thread to the ranks before it, so that slow requests of strangers never hold all.
    """

    def __init__(self, threads: int, *, few: int = FEW, soon: float = SOON) -> None:
        self.soon = soon
        self.beginning, self.running = few, 0
        self.most = {rank: max(1, threads - rank) for rank in Rank}
        self.lines = {rank: RankLine() for rank in Rank}
        self.waiting = self.given = 0

    async def take(self, rank: Rank, party: Party) -> "RequestTurn":
        """Wait for a turn. The caller must end it."""
        if self.waiting or not self.has_room(rank):
            turn = asyncio.get_running_loop().create_future()
            self.lines[rank].join(party, turn)
            self.waiting += 1
            self.give_next()
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():  # it was given at the same moment
                    RequestTurn(self, asyncio.get_running_loop()).end()
                else:
                    self.waiting -= 1
                raise
        else:
            self.give()
        return RequestTurn(self, asyncio.get_running_loop())

    def has_room(self, rank: Rank) -> bool:
        return self.beginning > 0 and self.running < self.most[rank]

    def give(self) -> None:
        self.beginning -= 1
        self.running += 1

    def give_next(self) -> None:
        """Give as many turns as there is room for."""
        while self.waiting and (turn := self.next_turn()) is not None:
            self.waiting -= 1
            self.given += 1
            self.give()
            turn.set_result(None)

    def next_turn(self) -> asyncio.Future[None] | None:
        round_, position = divmod(self.given, EVERY)
        for rank in LOWER_FIRST[round_ % 2] if position == EVERY - 1 else ORDER:
            if self.has_room(rank) and (turn := self.lines[rank].next_turn()) is not None:
                return turn
        return None


class RequestTurn:
    """A turn that was given. Another request begins when this one ends, or after `soon` seconds."""

    def __init__(self, turns: RequestTurns, loop: asyncio.AbstractEventLoop) -> None:
        self.turns = turns
        self.is_beginning = True
        self.timer = loop.call_later(turns.soon, self.has_begun)

    def has_begun(self) -> None:
        if self.is_beginning:
            self.is_beginning = False
            self.turns.beginning += 1
            self.turns.give_next()

    def end(self) -> None:
        self.timer.cancel()
        self.turns.running -= 1
        if self.is_beginning:
            self.is_beginning = False
            self.turns.beginning += 1
        self.turns.give_next()
