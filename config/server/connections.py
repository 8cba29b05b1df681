"""A client's connection: it ends if nothing comes, and when its party or the process has no room for it."""

import asyncio
from enum import IntEnum
from typing import Any

import httptools
from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from config.reception import Scope
from config.server.books import CONNECTIONS, Book
from config.server.fullness import FULLNESS
from config.server.kinds import STREAM, Rank
from config.server.parties import Party, peer_of
from foundation.metrics import REFUSED

CONNECTION = "finalcheck.connection"  # where the scope keeps it
SILENT_ENDS, HEAD_ENDS = 5.0, 10.0  # seconds: without a byte, and until the whole head is there
STALLED_ENDS = 30.0  # seconds in which a client reads nothing of an answer
LARGEST_HEAD = 32 << 10  # bytes
MOST_AHEAD = 8  # requests that a client may send before it has an answer
LOOKS = 1.0  # seconds between two looks for connections that must end
AT_LEAST = 16  # connections that end together to make room, because finding them takes a look at all


class Phase(IntEnum):
    """What a connection waits for. Those that are worth least end first when there is no room."""

    SILENT = 0
    HEAD = 1
    IDLE = 2  # between two requests
    BODY = 3
    ANSWER = 4  # never ended for lack of room


class Connections:
    """All connections of this process."""

    def __init__(self) -> None:
        self.all: set[ClientConnection] = set()
        self.book = Book(CONNECTIONS)
        self.looking_in: asyncio.AbstractEventLoop | None = None

    def open(self, connection: "ClientConnection") -> bool:
        """Count a new connection. Return False if there is no room, even after ending others that wait."""
        party = connection.party
        if self.book.problem(party, Rank.STRANGER):
            FULLNESS.refuse(party)
            self.make_room(party)
            if self.book.problem(party, Rank.STRANGER):
                return False
        self.book.take(party)
        self.all.add(connection)
        self.look_later()
        return True

    def make_room(self, party: Party) -> None:
        """End waiting connections of the party that has most of them; of equals, those of `party`."""
        heaviest = self.book.heaviest()
        if heaviest is None or self.book.held[heaviest] == self.book.held[party]:
            heaviest = party
        waiting = [each for each in self.all if each.party == heaviest and each.state < Phase.ANSWER]
        waiting.sort(key=lambda each: (each.state, each.since))
        for each in waiting[: max(AT_LEAST, len(waiting) // 16)]:
            REFUSED.labels("connection_ended").inc()
            each.end()

    def move(self, connection: "ClientConnection", party: Party) -> None:
        """Count a connection against another party from now on. Of a person with too many, the oldest idle one ends."""
        self.book.give_back(connection.party)
        connection.party = party
        if self.book.problem(party, Rank.PERSON):
            idle = [each for each in self.all if each.party == party and each.state is Phase.IDLE]
            for each in sorted(idle, key=lambda each: each.since)[:1]:
                each.end()
        self.book.take(party)

    def close(self, connection: "ClientConnection") -> None:
        if connection in self.all:
            self.all.remove(connection)
            self.book.give_back(connection.party)

    def look_later(self) -> None:
        loop = asyncio.get_running_loop()
        if self.looking_in is not loop:
            self.looking_in = loop
            loop.call_later(LOOKS, self.look)

    def look(self) -> None:
        """End connections whose time is over."""
        now = asyncio.get_running_loop().time()
        for each in [each for each in self.all if each.is_over(now)]:
            REFUSED.labels("too_slow").inc()
            each.end()
        self.looking_in = None
        if self.all:
            self.look_later()


CONNECTIONS_HERE = Connections()
FULLNESS.watch(connections=CONNECTIONS_HERE.book)


class ClientConnection(HttpToolsProtocol):
    """Uvicorn's connection, which keeps count of what it waits for."""

    party: Party = ""
    state = Phase.SILENT
    since = stalled_since = 0.0
    size_of_head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.access_log = False  # config.requests writes one, which names nobody
        self.party = "" if settings.PROXIES else peer_of(self.client)
        self.since = self.loop.time()
        if not CONNECTIONS_HERE.open(self):
            REFUSED.labels("no_room").inc()
            self.end()

    def connection_lost(self, exc: Exception | None) -> None:
        CONNECTIONS_HERE.close(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        if self.state in (Phase.SILENT, Phase.IDLE):
            self.enter(Phase.HEAD)
            self.size_of_head = 0
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # no other protocol is spoken here, so the request is answered as it is
        except httptools.HttpParserError:
            if not self.transport.is_closing():
                self.send_400_response("This is not a request by HTTP/1.1.")
        if self.state is Phase.HEAD:
            self.size_of_head += len(data)
            if self.size_of_head > LARGEST_HEAD or len(self.pipeline) > MOST_AHEAD:
                self.end()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope[CONNECTION] = self  # type: ignore[literal-required]

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= MOST_AHEAD:
            self.end()
            return
        self.enter(Phase.BODY)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.enter(Phase.ANSWER)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.pipeline and self.cycle.response_complete:
            self.enter(Phase.IDLE)

    def pause_writing(self) -> None:
        self.stalled_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self.stalled_since = 0.0
        super().resume_writing()

    def enter(self, state: Phase) -> None:
        self.state, self.since = state, self.loop.time()

    def is_over(self, now: float) -> bool:
        """Return whether the client has sent or read nothing for too long."""
        if self.stalled_since and now - self.stalled_since > STALLED_ENDS:
            return True
        if self.state is Phase.SILENT:
            return now - self.since > SILENT_ENDS
        return self.state is Phase.HEAD and now - self.since > HEAD_ENDS

    def end(self) -> None:
        CONNECTIONS_HERE.close(self)  # now, because the loop tells of the end only later
        self.transport.abort()

    def shutdown(self) -> None:
        """End an event stream with the server, because the server would wait for it. The browser opens it again."""
        if self.cycle is not None and not self.cycle.response_complete and STREAM.fullmatch(self.scope["path"]):
            self.transport.close()
        super().shutdown()


def has_left(scope: Scope) -> bool:
    """Return whether the client has closed the connection. Where no server has made the request, it has not."""
    connection: Any = scope.get(CONNECTION)
    return connection is not None and connection.transport.is_closing()


def count_for(scope: Scope, party: Party) -> None:
    """Count the connection of a request against the person who sent it. A proxy's connection serves many people."""
    connection: Any = scope.get(CONNECTION)
    if connection is not None and isinstance(party, int) and connection.party != party and not settings.PROXIES:
        CONNECTIONS_HERE.move(connection, party)
