"""The watchdog: read a run's usage from outside, ten times a second, and decide whether it exceeds a limit."""

import os
from contextlib import suppress
from dataclasses import dataclass

from labs.runner.protocol import RunLimits

TICK_SECONDS = 0.1
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# What counts as memory. Code can have its own pages swapped out, so those count, too.
COUNTED = (b"RssAnon", b"RssShmem", b"VmPTE", b"VmSwap", b"HugetlbPages")


@dataclass(frozen=True)
class Usage:
    """Bytes of memory that are not shared with other processes, CPU seconds so far, threads."""

    memory_bytes: int
    cpu_seconds: float
    threads: int


class Gone(Exception):
    """The process has ended."""


def read(pid: int) -> Usage:
    """Read anonymous and shared memory, swapped or not, huge pages, and page tables.

    Shared mappings escape RLIMIT_DATA. Read-only mappings escape it too and fill page tables. File pages are not
    counted, because the kernel can drop them. The files are read as bytes: they contain the process's name, which the
    code may set to any bytes.
    """
    try:
        with open(f"/proc/{pid}/status", "rb") as status:
            values = dict(line.split(b":", 1) for line in status)
        with open(f"/proc/{pid}/stat", "rb") as stat:
            fields = stat.read().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError) as error:
        raise Gone from error
    if b"RssAnon" not in values:
        raise Gone
    ticks = int(fields[11]) + int(fields[12])
    return Usage(memory_in(values), ticks / TICKS_PER_SECOND, int(values[b"Threads"]))


def memory_in(values: dict[bytes, bytes]) -> int:
    """Return the bytes that count. A kernel without swap or huge pages leaves out their lines."""
    return sum(int(values[name].split()[0]) * 1024 for name in COUNTED if name in values)


class Helper:
    """A process of ours that works for one run: its processor time so far, also after it ended."""

    def __init__(self, pid: int):
        self.pid, self.latest = pid, 0.0

    def cpu_seconds(self) -> float:
        with suppress(Gone):
            self.latest = read(self.pid).cpu_seconds
        return self.latest


def is_gone(pid: int) -> bool:
    try:
        read(pid)
    except Gone:
        return True
    return False


def excess(start: Usage, base_memory: int, now: Usage, limits: RunLimits, wall: float) -> tuple[str, str] | None:
    """Return verdict and sentence if a limit is exceeded.

    `base_memory` is what the process used before the learner's first line. `start` is the usage when this run began,
    which differs in a live session.
    """
    memory = now.memory_bytes - base_memory
    if memory > limits.memory_bytes:
        return "out_of_memory", f"The code took more than {limits.memory_bytes >> 20} MiB of memory."
    if wall > limits.wall_seconds:
        return "timed_out", f"The code ran longer than {limits.wall_seconds} seconds."
    if now.cpu_seconds - start.cpu_seconds > limits.cpu_seconds:
        return "timed_out", f"The code used more than {limits.cpu_seconds} seconds of processor time."
    if now.threads > limits.threads:
        return "failed", f"The code started more than {limits.threads} threads."
    return None
