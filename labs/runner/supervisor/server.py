"""The unix socket and the TLS port: one request per connection, answers as lines of JSON (see labs.runner.protocol)."""

import asyncio
import json
import logging
import os
import re
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from labs.runner.protocol import FIRST_PROTOCOL, LINE_BYTES, PROTOCOL, Refused, misunderstanding
from labs.runner.supervisor.runs import ActiveRun
from labs.runner.supervisor.supervisor import RunnerSupervisor
from labs.runner.tls import notice_a_lost_peer

PLAIN_REQUESTS = ("open", "close", "stop", "files")
RUN_REQUESTS = ("run", "cell", "test")
TRACE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
PEER = struct.Struct("3i")
log = logging.getLogger(__name__)


# Seconds that a stranger, and then a client, may keep a connection without saying what it wants.
HANDSHAKE_SECONDS, REQUEST_SECONDS = 5, 10
SHORTEST_BEAT = 0.1


class Server:
    """Serve one supervisor. `report` holds the facts that `status` adds to the capacity."""

    def __init__(self, supervisor: RunnerSupervisor, report: dict):
        self.supervisor, self.report = supervisor, report
        self.group: int | None = None

    async def listen(self, path: Path, group: int | None = None) -> asyncio.Server:
        """Listen on a unix socket, for this user, root and a group."""
        self.group = group
        with suppress(FileNotFoundError):
            os.unlink(path)
        server = await asyncio.start_unix_server(self.serve, path, limit=LINE_BYTES)
        if group is not None:
            os.chown(path, -1, group)
        os.chmod(path, 0o600 if group is None else 0o660)
        return server

    async def listen_remotely(self, host: str, port: int, context: ssl.SSLContext) -> asyncio.Server:
        """Listen on a port for clients with a certificate from the site's authority."""
        return await asyncio.start_server(
            self.serve, host, port, limit=LINE_BYTES, ssl=context, ssl_handshake_timeout=HANDSHAKE_SECONDS
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self.answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            # The client disconnected. Its run goes on, and it may attach again.
            return
        finally:
            writer.close()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request: dict = {}
        try:
            peer = writer.get_extra_info("socket")
            if peer.family == socket.AF_UNIX:
                self.refuse_stranger(peer)
            else:
                notice_a_lost_peer(peer)
            request = parse_request(await read_line(reader))
            answer = await self.act(request)
        except Refused as error:
            refusal = {"code": error.code, "message": str(error), "others_fit": error.others_fit}
            await send(writer, {"event": "refused", **refusal})
            return
        except ValueError:
            await send(writer, {"event": "refused", "code": "bad_request", "message": "The request is too long."})
            return
        except (ConnectionError, asyncio.IncompleteReadError):
            raise
        except Exception:
            log.exception("a request failed in the supervisor; its trace: %s", trace_of(request))
            await send(writer, {"event": "refused", "code": "broken", "message": "The lab could not do this."})
            return
        if isinstance(answer, ActiveRun):
            async for event in with_beats(answer.follow(after_of(request)), beat_of(request)):
                await send(writer, event)
        else:
            await send(writer, answer)

    def refuse_stranger(self, peer: socket.socket) -> None:
        """Answer only root, this user and members of the socket's group, in addition to the socket's mode."""
        _, uid, gid = PEER.unpack(peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, PEER.size))
        if uid not in (0, os.geteuid()) and self.group is None:
            raise Refused("forbidden", f"User {uid} of group {gid} may not use this runner.")

    async def act(self, request: dict) -> dict | ActiveRun:
        do = request.get("do")
        if do == "status":
            return {
                "event": "status",
                "protocol": PROTOCOL,
                **self.report,
                "ready": self.supervisor.is_safe,
                "runtimes": self.supervisor.options.runtimes,
                "capacity": self.supervisor.capacity(),
            }
        if reason := misunderstanding(request.get("protocol", FIRST_PROTOCOL), PROTOCOL):
            raise Refused("other_protocol", reason)
        if do in RUN_REQUESTS:
            return self.supervisor.attached(request) or getattr(self.supervisor, do)(request)
        if do in PLAIN_REQUESTS:
            return await getattr(self.supervisor, do)(request)
        raise Refused("bad_request", "Unknown request.")


async def read_line(reader: asyncio.StreamReader) -> bytes:
    """Return the request. Only this is a client's delay; what takes long afterwards is the supervisor's."""
    try:
        async with asyncio.timeout(REQUEST_SECONDS):
            return await reader.readline()
    except TimeoutError:
        raise Refused("bad_request", "The request did not arrive.") from None


def parse_request(line: bytes) -> dict:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Refused("bad_request", "A request is one line of JSON.") from error
    if not isinstance(request, dict):
        raise Refused("bad_request", "A request is a JSON object.")
    return request


def after_of(request: dict) -> int:
    after = request.get("after", 0)
    return after if type(after) is int else 0


def beat_of(request: dict) -> float | None:
    beat = request.get("beat")
    return max(beat, SHORTEST_BEAT) if type(beat) in (int, float) else None


def trace_of(request: dict) -> str:
    trace = request.get("trace")
    return trace if isinstance(trace, str) and TRACE.fullmatch(trace) else "none"


async def with_beats(events: AsyncIterator[dict], seconds: float | None) -> AsyncIterator[dict]:
    """Yield the events, and a beat after every so many seconds without an event."""
    if seconds is None:
        async for event in events:
            yield event
        return
    while True:
        coming = asyncio.ensure_future(anext(events, None))
        try:
            while not (await asyncio.wait({coming}, timeout=seconds))[0]:
                yield {"event": "beat"}
        finally:
            coming.cancel()  # does nothing once it came
        if (event := coming.result()) is None:
            return
        yield event


async def send(writer: asyncio.StreamWriter, message: dict) -> None:
    writer.write(json.dumps(message).encode() + b"\n")
    await writer.drain()
