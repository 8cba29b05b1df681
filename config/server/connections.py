"""All connections of this process. Some must end: the client sends or reads nothing, or too many are open."""

import asyncio
from collections import Counter
from enum import IntEnum
from typing import Any, Protocol

from django.conf import settings

from config.server.books import CONNECTIONS, Book
from config.server.fullness import FULLNESS
from config.server.kinds import Rank
from config.server.parties import Party
from config.server.scope import Scope
from foundation.metrics import REFUSED

CONNECTION = "finalcheck.connection"  # where the scope keeps it
STALLED_ENDS = 30.0  # seconds in which a client reads nothing of an answer
MOST_UNREAD = 4 << 20  # bytes that wait for one client; while there are more, the sender waits, too
MOST_UNREAD_IN_ALL = 128 << 20
READS = 32 << 10  # bytes that a client must take to count as one that reads
LOOKS = 1.0  # seconds between two looks for connections that must end
AT_LEAST = 16  # connections that end together to make room, because finding them takes a look at all


class Phase(IntEnum):
    """What a connection waits for. When the server is full, those that are worth least end first."""

    SILENT = 0
    REFUSED = 1  # the rest of a body that was refused
    HEAD = 2
    IDLE = 3  # between two requests
    BODY = 4
    ANSWER = 5  # never ended for lack of room


IDLE_ENDS = 75  # seconds; a proxy must give up earlier
ENDS = {Phase.SILENT: 5.0, Phase.REFUSED: 10.0, Phase.HEAD: 10.0, Phase.IDLE: float(IDLE_ENDS)}  # after so many seconds


class Connection(Protocol):
    party: Party
    phase: Phase
    since: float  # when the phase began

    def unread(self) -> int:
        """Return how many bytes the client has not taken yet."""

    def end(self) -> None: ...


class Reading:
    """Whether a client keeps reading its answers."""

    def __init__(self, now: float) -> None:
        self.mark, self.since = 0, now

    def has_stalled(self, unread: int, now: float) -> bool:
        if not unread or unread <= self.mark - READS:
            self.mark, self.since = unread, now
        self.mark = max(self.mark, unread)
        return now - self.since > STALLED_ENDS


class Connections:
    """All connections of this process."""

    def __init__(self) -> None:
        self.all = dict[Connection, Reading]()
        self.book = Book(CONNECTIONS)
        self.looking_in: asyncio.AbstractEventLoop | None = None

    def open(self, connection: Connection) -> bool:
        """Count a new connection. Return False if the server is full, even after ending others that wait."""
        party = connection.party
        if self.book.problem(party, Rank.STRANGER):
            FULLNESS.refuse(party)
            self.make_room(party)
            if self.book.problem(party, Rank.STRANGER):
                return False
        self.book.take(party, Rank.STRANGER)
        self.all[connection] = Reading(connection.since)
        self.look_later()
        return True

    def make_room(self, party: Party) -> None:
        """End waiting connections of the party that has most of them; of equals, those of `party`."""
        strangers = self.book.pots[Rank.STRANGER]
        heaviest = strangers.heaviest()
        if heaviest is None or strangers.held[heaviest] == strangers.held[party]:
            heaviest = party
        waiting = [
            connection for connection in self.all if connection.party == heaviest and connection.phase < Phase.ANSWER
        ]
        waiting.sort(key=lambda connection: (connection.phase, connection.since))
        for connection in waiting[: max(AT_LEAST, len(waiting) // 16)]:
            REFUSED.labels("connection_ended").inc()
            connection.end()

    def move(self, connection: Connection, party: Party) -> None:
        """Count a connection against a person from now on, if there is room. Of too many, the oldest idle one ends."""
        problem = self.book.problem(party, Rank.PERSON)
        if problem == "server_full":
            return
        if problem:
            idle = [other for other in self.all if other.party == party and other.phase is Phase.IDLE]
            for other in sorted(idle, key=lambda other: other.since)[:1]:
                other.end()
        self.book.give_back(connection.party, rank_of_party(connection.party))
        connection.party = party
        self.book.take(party, Rank.PERSON)

    def close(self, connection: Connection) -> None:
        if self.all.pop(connection, None) is not None:
            self.book.give_back(connection.party, rank_of_party(connection.party))

    def look_later(self) -> None:
        loop = asyncio.get_running_loop()
        if self.looking_in is not loop:
            self.looking_in = loop
            loop.call_later(LOOKS, self.look)

    def look(self) -> None:
        """End connections whose time is over, and some of those that leave most of their answers unread."""
        now = asyncio.get_running_loop().time()
        unread = {connection: connection.unread() for connection in self.all}
        for connection, size in unread.items():
            if size and connection.phase is Phase.IDLE:
                connection.since = now  # it is idle once the client has read all
            if self.all[connection].has_stalled(size, now) or now - connection.since > ENDS.get(connection.phase, now):
                REFUSED.labels("too_slow").inc(connection.phase is not Phase.IDLE)
                connection.end()
        self.free_memory({connection: size for connection, size in unread.items() if size and connection in self.all})
        self.looking_in = None
        if self.all:
            self.look_later()

    def free_memory(self, unread: dict[Connection, int]) -> None:
        """If all clients together leave too much unread, end some of those parties that leave most, the slowest first."""
        total = sum(unread.values())
        if total <= MOST_UNREAD_IN_ALL:
            return
        sizes = Counter[Party]()
        for connection, size in unread.items():
            sizes[connection.party] += size
        slowest_first = sorted(unread, key=lambda connection: (-sizes[connection.party], self.all[connection].since))
        for connection in slowest_first:
            total -= unread[connection]
            REFUSED.labels("connection_ended").inc()
            connection.end()
            if total <= MOST_UNREAD_IN_ALL:
                return


def rank_of_party(party: Party) -> Rank:
    return Rank.PERSON if isinstance(party, int) else Rank.STRANGER


CONNECTIONS_HERE = Connections()
FULLNESS.watch(connections=CONNECTIONS_HERE.book)


def has_left(scope: Scope) -> bool:
    """Return whether the client has closed the connection. Where no server has made the request, it has not."""
    connection: Any = scope.get(CONNECTION)
    return connection is not None and connection.transport.is_closing()


def count_for(scope: Scope, party: Party) -> None:
    """Count the connection of a request against the person who sent it. A proxy's connection serves many people."""
    connection: Any = scope.get(CONNECTION)
    if connection is not None and isinstance(party, int) and connection.party != party and not settings.PROXIES:
        CONNECTIONS_HERE.move(connection, party)
