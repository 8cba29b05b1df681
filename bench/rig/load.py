"""Load a server with several clients, each of which sends its next request when the last one was answered, and measure
the processor time that the server needs per request.
"""

import asyncio
import gc
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bench.rig.client import Failed
from bench.rig.processes import cpu_seconds

MOST_FAILURES = 20  # in a row; then the client gives up


class Client(Protocol):
    """Somebody who sends requests. `step` sends one, which is timed; `begin` and `rest` prepare, which is not."""

    async def begin(self) -> None: ...

    async def step(self) -> None: ...

    async def rest(self) -> None: ...


@dataclass
class Load:
    """What one measurement found: the latencies of the requests that succeeded, and the server's processor time."""

    latencies: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    wall: float = 0.0
    cpu: float = 0.0

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of processor time per request."""
        return self.cpu * 1000 / len(self.latencies)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.wall

    def milliseconds(self, share: float) -> float:
        """Return the latency that this share of the requests does not exceed."""
        ordered = sorted(self.latencies)
        return ordered[max(0, -int(-len(ordered) * share // 1) - 1)] * 1000


def measure(clients: Sequence[Client], pids: Iterable[int], *, seconds: float = 6, warm_up: float = 2) -> Load:
    """Let the clients work at the same time against a server whose processes are `pids`.

    Raises Failed if no request succeeds.
    """
    load = asyncio.run(_measure(clients, list(pids), seconds, warm_up))
    if not load.latencies:
        raise Failed(f"No request succeeded. The first failure: {load.failures[:1]}")
    return load


async def _measure(clients: Sequence[Client], pids: list[int], seconds: float, warm_up: float) -> Load:
    await asyncio.gather(*(client.begin() for client in clients))
    await _work(clients, Load(), warm_up)
    gc.collect()
    load = Load(cpu=-cpu_seconds(pids))
    await _work(clients, load, seconds)
    load.cpu += cpu_seconds(pids)
    return load


async def _work(clients: Sequence[Client], load: Load, seconds: float) -> None:
    began = time.perf_counter()
    await asyncio.gather(*(_steps(client, load, began + seconds) for client in clients))
    load.wall = time.perf_counter() - began


async def _steps(client: Client, load: Load, ends_at: float) -> None:
    failures = 0
    while (began := time.perf_counter()) < ends_at and failures < MOST_FAILURES:
        try:
            await client.step()
        except Failed as problem:
            failures += 1
            load.failures.append(str(problem))
        else:
            failures = 0
            load.latencies.append(time.perf_counter() - began)
            await client.rest()
