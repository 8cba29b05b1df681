"""The unix socket: one request per connection, answers as lines of JSON (see labs.runner.protocol)."""

import asyncio
import json
import logging
import os
import socket
import struct
from pathlib import Path

from labs.runner.protocol import LINE_BYTES, Refused
from labs.runner.supervisor.runs import ActiveRun
from labs.runner.supervisor.supervisor import Supervisor

ASKED = ("open", "close", "stop", "files")
RUN = ("run", "cell", "test")
PEER = struct.Struct("3i")
log = logging.getLogger(__name__)


class Server:
    """Serve one supervisor on `path`. `report` returns the facts that `status` adds to the capacity."""

    def __init__(self, supervisor: Supervisor, path: Path, report: dict, group: int | None = None):
        self.supervisor, self.path, self.report, self.group = supervisor, path, report, group

    async def listen(self) -> asyncio.Server:
        self.path.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self.serve, self.path, limit=LINE_BYTES)
        if self.group is not None:
            os.chown(self.path, -1, self.group)
        os.chmod(self.path, 0o600 if self.group is None else 0o660)
        return server

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self.answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            # The client disconnected. Its run goes on, and it may attach again.
            return
        finally:
            writer.close()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.refuse_stranger(writer.get_extra_info("socket"))
            request = understood(await reader.readline())
            answer = await self.act(request)
        except Refused as error:
            await send(writer, {"event": "refused", "code": error.code, "message": str(error)})
            return
        except ValueError:
            await send(writer, {"event": "refused", "code": "bad_request", "message": "The request is too long."})
            return
        except (ConnectionError, asyncio.IncompleteReadError):
            raise
        except Exception:
            log.exception("a request failed in the supervisor")
            await send(writer, {"event": "refused", "code": "broken", "message": "The lab could not do this."})
            return
        if isinstance(answer, ActiveRun):
            async for event in answer.follow(after_of(request)):
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
                **self.report,
                "ready": self.supervisor.is_safe,
                "capacity": self.supervisor.capacity(),
            }
        if do in RUN:
            return self.supervisor.attached(request) or getattr(self.supervisor, do)(request)
        if do in ASKED:
            return await getattr(self.supervisor, do)(request)
        raise Refused("bad_request", "Unknown request.")


def understood(line: bytes) -> dict:
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


async def send(writer: asyncio.StreamWriter, message: dict) -> None:
    writer.write(json.dumps(message).encode() + b"\n")
    await writer.drain()
