"""The proxy in front of the web hosts: it passes connections to hosts that answer, and drops those of a host that does not."""

import asyncio
from contextlib import suppress

CHECK_EVERY, PATIENCE = 1.0, 2.0  # seconds between two health checks, and for each


class Balancer:
    """Passes each connection to the next healthy host. `hosts` are (address, port)."""

    def __init__(self, hosts: list[tuple[str, int]]) -> None:
        self.hosts, self.turn = hosts, 0
        self.healthy: set[tuple[str, int]] = set(hosts)
        self.open: dict[tuple[str, int], set[asyncio.StreamWriter]] = {host: set() for host in hosts}

    async def serve(self, port: int) -> asyncio.Server:
        self.checks = [asyncio.create_task(self.check_forever(host)) for host in self.hosts]
        return await asyncio.start_server(self.accept, "127.0.0.1", port)

    async def check_forever(self, host: tuple[str, int]) -> None:
        while True:
            if await is_healthy(host):
                self.healthy.add(host)
            else:
                self.healthy.discard(host)
                for writer in self.open[host]:
                    writer.transport.abort()
            await asyncio.sleep(CHECK_EVERY)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for _ in self.hosts:
                self.turn += 1
                host = self.hosts[self.turn % len(self.hosts)]
                if host in self.healthy:
                    with suppress(OSError, TimeoutError):
                        there = await asyncio.wait_for(asyncio.open_connection(*host), PATIENCE)
                        await self.join(host, (reader, writer), there)
                        return
        finally:
            writer.close()

    async def join(self, host: tuple[str, int], here: "Ends", there: "Ends") -> None:
        writers = {here[1], there[1]}
        self.open[host] |= writers
        try:
            await asyncio.gather(copy(here[0], there[1]), copy(there[0], here[1]))
        finally:
            self.open[host] -= writers
            there[1].close()


type Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    writer.close()


async def is_healthy(host: tuple[str, int]) -> bool:
    writer = None
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(*host)
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return b" 200 " in await reader.readline()
    except (OSError, TimeoutError):
        return False
    finally:
        if writer is not None:
            writer.close()
