"""How a client and this server speak HTTP/1.1: uvicorn's connection, with limits on what a client may send and when."""

import asyncio
import socket

import httptools
from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from config.server.connections import CONNECTION, CONNECTIONS_HERE, MOST_UNREAD, Phase
from config.server.kinds import STREAM
from config.server.parties import Party, peer_of
from foundation.metrics import REFUSED

LARGEST_HEAD = 32 << 10  # bytes, with the headers that may follow a body
COST_OF_HEADER = 128  # bytes that each header takes besides its text
COST_OF_PIECE = 16  # bytes that may announce a piece of a body
MOST_SMALL_PIECES, SMALL = 1024, 64  # after so many pieces of a body, they must have so many bytes on average
UNSENT = 128 << 10  # bytes that the kernel keeps for a client, so that what it reads shows here
LAST_READS, LAST_BODIES = 2.0, 5.0  # seconds in which clients of a server that ends may still read, or send a body


class ClientConnection(HttpToolsProtocol):
    """One client's connection. It answers one request after another, and reads no further request ahead (D49).

    `is_deaf` means that nothing more is understood on it: it ends with the answer that is under way, or at once.
    """

    party: Party = ""
    phase = Phase.SILENT
    since = 0.0
    is_deaf = is_in_head = False
    size_of_head = pieces = size_of_body = 0
    untold = 0  # bytes of which the parser has told nothing yet: it keeps half a header in memory

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=MOST_UNREAD)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
        self.access_log = False  # config.requests writes one, which names nobody
        self.party = "" if settings.PROXIES else peer_of(self.client)
        self.enter(Phase.SILENT)
        if not CONNECTIONS_HERE.open(self):
            REFUSED.labels("no_room").inc()
            self.end()

    def connection_lost(self, exc: Exception | None) -> None:
        CONNECTIONS_HERE.close(self)
        super().connection_lost(exc)
        self._unset_keepalive_if_required()
        self.scope = self.headers = self.cycle = None  # type: ignore[assignment]  # else only the collector frees them

    def enter(self, phase: Phase) -> None:
        self.phase, self.since = phase, self.loop.time()

    def unread(self) -> int:
        return self.transport.get_write_buffer_size()

    def is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def end(self) -> None:
        self.is_deaf = True
        CONNECTIONS_HERE.close(self)  # now, because the loop tells of the end only later
        self.transport.abort()

    def stop_listening(self) -> None:
        """Understand nothing more, and end after the answer that is under way."""
        self.is_deaf = True
        self.cycle.keep_alive = False

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        self.untold += len(data)
        if not self.is_deaf:
            self.parse(data)
        if self.untold > LARGEST_HEAD:
            self.end()

    def parse(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # no other protocol is spoken here, so the request is answered as it is
        except httptools.HttpParserError:
            self.misunderstand()

    def misunderstand(self) -> None:
        if self.is_answering() and not (self.cycle.more_body and not self.cycle.response_started):
            self.stop_listening()
        elif not self.is_deaf:
            self.is_deaf = True
            if self.is_answering():  # the body never becomes valid, so stop waiting for it
                self.cycle.disconnected = True
                self.cycle.message_event.set()
            self.send_400_response("This is not a request by HTTP/1.1.")

    def on_message_begin(self) -> None:
        if self.is_answering():
            self.stop_listening()
        elif not self.is_deaf:
            super().on_message_begin()
            self.scope[CONNECTION] = self  # type: ignore[literal-required]
            self.is_in_head, self.size_of_head, self.pieces, self.size_of_body = True, 0, 0, 0
            self.enter(Phase.HEAD)

    def on_url(self, url: bytes) -> None:
        if not self.is_deaf:
            super().on_url(url)
            self.add_to_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header. Drop headers after the body, and names with `_`, which WSGI would confuse with `-`."""
        if not self.is_deaf:
            self.add_to_head(len(name) + len(value) + COST_OF_HEADER)
            if self.is_in_head and b"_" not in name:
                super().on_header(name, value)

    def add_to_head(self, size: int) -> None:
        self.size_of_head += size
        if self.size_of_head > LARGEST_HEAD:
            self.end()

    def account_for(self, size: int) -> None:
        self.untold = max(0, self.untold - size)

    def on_headers_complete(self) -> None:
        if self.is_deaf:
            return
        self.account_for(self.size_of_head)
        self.is_in_head = False
        if self.parser.get_method() == b"CONNECT" or self.has_chunks_in_version_without():
            self.misunderstand()
            return
        self.enter(Phase.BODY)
        super().on_headers_complete()

    def has_chunks_in_version_without(self) -> bool:
        """Return whether a proxy that takes the version at its word would see another end of the body."""
        return self.parser.get_http_version() != "1.1" and any(name == b"transfer-encoding" for name, _ in self.headers)

    def on_body(self, body: bytes) -> None:
        if not self.is_deaf:
            self.account_for(len(body) + COST_OF_PIECE)
            self.pieces += 1
            self.size_of_body += len(body)
            if self.pieces > MOST_SMALL_PIECES and self.size_of_body < self.pieces * SMALL:
                self.end()
            else:
                super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for the answer. If it was sent before the body was there, the request was refused: end."""
        if self.is_deaf:
            return
        super().on_message_complete()
        if self.is_answering():
            self.enter(Phase.ANSWER)
        else:
            self.transport.close()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self.enter(Phase.REFUSED if self.cycle.more_body else Phase.IDLE)
        self.cycle.body = bytearray()
        self.scope = self.headers = None  # type: ignore[assignment]
        self.cycle.scope = {}  # type: ignore[typeddict-item]

    def shutdown(self) -> None:
        """End with the server once what was begun is answered. Streams end at once: their browsers open them again.

        A client that reads or sends slowly does not delay the end.
        """
        if self.is_answering() and STREAM.fullmatch(self.cycle.scope["path"]):
            self.transport.close()
        super().shutdown()
        self.loop.call_later(LAST_READS, self.end_if_slow)
        self.loop.call_later(LAST_BODIES, self.end_if_sending)

    def end_if_slow(self) -> None:
        """End if the client still reads, or if a stranger still sends."""
        if self.phase is Phase.IDLE or isinstance(self.party, str):
            self.end_if_sending()

    def end_if_sending(self) -> None:
        if self.phase in (Phase.IDLE, Phase.BODY):
            self.end()
