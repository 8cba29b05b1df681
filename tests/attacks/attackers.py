"""What one machine without an account, or a few accounts, can do to the server: each attack holds on until it is cancelled.

An attack opens at most `MOST_OPENED` connections, all on the loopback interface, from addresses of its own.
"""

import asyncio
import json
import os
import resource
import ssl
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote

MOST_OPENED = 60_000
HERE = "127.0.0.1"
BIG = 5_900_000  # bytes of a body


@dataclass
class Target:
    """The server under attack. `runs` has the session of each throwaway account, and a run of it that waits."""

    port: int
    runs: list[tuple[str, str]] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    cookie: str = "sessionid"
    opened: int = 0
    told: Counter[str] = field(default_factory=Counter)  # statuses, and "hung up"

    async def connect(self, address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.opened >= MOST_OPENED:
            await asyncio.Event().wait()
        self.opened += 1
        secure = {"ssl": self.tls, "server_hostname": "localhost"} if self.tls else {}
        return await asyncio.open_connection(HERE, self.port, local_addr=(address, 0), **secure)

    async def hold(self, address: str, sent: bytes, drip: bytes = b"", every: float = 1.0, pause: float = 0.05) -> None:
        """Send something, then a little now and then, and do it again whenever the server hangs up."""
        while True:
            try:
                reader, writer = await self.connect(address)
            except OSError:
                self.told["not connected"] += 1
                await asyncio.sleep(pause)
                continue
            with suppress(OSError):
                writer.write(sent)
                ended = asyncio.ensure_future(reader.read(65536))
                while not ended.done():
                    await asyncio.wait([ended], timeout=every)
                    if drip and not ended.done():
                        writer.write(drip)
                self.told[status(ended.result())] += 1
            writer.close()
            await asyncio.sleep(pause)

    async def ask(self, address: str, sent: bytes) -> str:
        """Send a request and return its status, or "hung up"."""
        try:
            reader, writer = await self.connect(address)
            writer.write(sent)
            told = status(await reader.read(65536))
            writer.close()
        except OSError:
            told = "hung up"
        self.told[told] += 1
        return told


def status(answer: bytes) -> str:
    return answer.split(b" ", 2)[1].decode() if answer.startswith(b"HTTP/1.1 ") else "hung up"


type Attack = Callable[[Target], Awaitable[object]]
HEAD = "Host: localhost\r\nUser-Agent: attack\r\n"


async def together(*attackers: Awaitable[object]) -> None:
    await asyncio.gather(*attackers)


async def silent(target: Target) -> None:
    """2,000 connections that send nothing."""
    await together(*(target.hold("127.0.0.2", b"") for _ in range(2000)))


async def half_heads(target: Target) -> None:
    """2,000 connections that send a head one line a second."""
    begun = f"GET / HTTP/1.1\r\n{HEAD}".encode()
    await together(*(target.hold("127.0.0.2", begun, b"X-More: a\r\n") for _ in range(2000)))


async def idle(target: Target) -> None:
    """2,000 connections that get one answer each, and then stay open."""
    await together(*(target.hold("127.0.0.2", f"GET /healthz HTTP/1.1\r\n{HEAD}\r\n".encode()) for _ in range(2000)))


async def slow_bodies(target: Target) -> None:
    """500 bodies that come a byte a second."""
    begun = f"POST /accounts/signup/ HTTP/1.1\r\n{HEAD}Content-Length: 60000\r\n\r\n".encode()
    await together(*(target.hold("127.0.0.2", begun, b"a") for _ in range(500)))


async def large_bodies(target: Target) -> None:
    """200 bodies of 5.9 MB without their last byte, with a session that nobody has."""
    head = f"POST /api/v1/runs/ HTTP/1.1\r\n{HEAD}Cookie: {target.cookie}=nobody\r\nContent-Length: {BIG}\r\n\r\n"
    begun = head.encode() + b"a" * (BIG - 1)
    await together(*(target.hold("127.0.0.2", begun, pause=1) for _ in range(200)))


async def endless_trailers(target: Target) -> None:
    """500 bodies that are followed by more and more headers, 60 kB a second each."""
    begun = f"POST /accounts/signup/ HTTP/1.1\r\n{HEAD}Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n".encode()
    more = b"X-More: a\r\n" * 600
    await together(*(target.hold("127.0.0.2", begun, more, every=0.1) for _ in range(500)))


async def unread_answers(target: Target) -> None:
    """2,000 connections that ask for the first page, read nothing of it, and ask again elsewhere after a second."""
    asked = f"GET / HTTP/1.1\r\n{HEAD}\r\n".encode()

    async def leave_unread() -> None:
        while True:
            with suppress(OSError):
                _, writer = await target.connect("127.0.0.2")
                writer.transport.pause_reading()
                writer.write(asked)
                await asyncio.sleep(1)
                target.told["unread"] += 1

    await together(*(leave_unread() for _ in range(2000)))


async def probes(target: Target) -> None:
    """500 clients that ask whether the server is healthy, again and again."""
    asked = f"GET /readyz HTTP/1.1\r\n{HEAD}Connection: close\r\n\r\n".encode()

    async def probe() -> None:
        while True:
            await target.ask("127.0.0.2", asked)

    await together(*(probe() for _ in range(500)))


async def pages(target: Target) -> None:
    """500 visitors behind one address who load the first page again and again."""
    asked = f"GET / HTTP/1.1\r\n{HEAD}Connection: close\r\n\r\n".encode()

    async def visit() -> None:
        while True:
            await target.ask("127.0.0.2", asked)

    await together(*(visit() for _ in range(500)))


async def streams(target: Target) -> None:
    """Accounts that hold as many event streams as they get, 16 each."""
    await together(*(
        target.hold("127.0.0.2", f"GET /api/v1/runs/{run}/events/ HTTP/1.1\r\n{HEAD}Cookie: {target.cookie}={session}\r\n\r\n".encode())
        for session, run in target.runs for _ in range(16)
    ))  # fmt: skip


def sign_in(name: str, password: str) -> bytes:
    body = json.dumps({"username": name, "password": password}).encode()
    head = f"POST /api/v1/tokens/ HTTP/1.1\r\n{HEAD}Content-Type: application/json\r\nConnection: close\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body


async def keep_guessing(target: Target, address: str) -> None:
    while True:
        await target.ask(address, sign_in(f"nobody-{os.urandom(3).hex()}", quote("wrong")))


async def flood_of_sign_ins(target: Target) -> None:
    """2,000 wrong passwords of one address at once, and again."""
    await together(*(keep_guessing(target, "127.0.0.2") for _ in range(2000)))


async def forty_guesses(target: Target) -> None:
    """40 wrong passwords of one address at a time."""
    await together(*(keep_guessing(target, "127.0.0.2") for _ in range(40)))


async def forty_of_a_hundred(target: Target) -> None:
    """40 wrong passwords at a time of each of 100 addresses."""
    await together(*(keep_guessing(target, f"127.0.1.{number}") for number in range(1, 101) for _ in range(40)))


ATTACKS: dict[str, Attack] = {
    attack.__name__.replace("_", " "): attack
    for attack in (
        silent, half_heads, idle, slow_bodies, large_bodies, endless_trailers, unread_answers, probes, pages, streams,
        flood_of_sign_ins, forty_guesses, forty_of_a_hundred,
    )
}  # fmt: skip


async def attack_for(name: str, target: Target, seconds: float) -> Counter[str]:
    """Attack for so many seconds, and return what the server told the attackers."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await ATTACKS[name](target)
    return target.told


def main() -> None:
    """Run in a process of its own, so that the victim's times are not the attackers': python -m tests.attacks.attackers."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    plan = json.loads(sys.argv[1])
    target = Target(plan["port"], plan["runs"])
    if plan["certificate"]:
        target.tls, target.cookie = ssl.create_default_context(cafile=plan["certificate"]), "__Host-sessionid"
    told = asyncio.run(attack_for(plan["attack"], target, plan["seconds"]))
    print(json.dumps({"opened": target.opened, "told": dict(told)}))


if __name__ == "__main__":
    main()
