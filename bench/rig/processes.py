"""Processor time and memory of processes with all their descendants, from /proc."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def family(pids: Iterable[int]) -> set[int]:
    """Return these processes and their descendants."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                children.setdefault(int(stat(int(folder.name))[1]), []).append(int(folder.name))
    members: set[int] = set()
    waiting = list(pids)
    while waiting:
        pid = waiting.pop()
        if pid not in members:
            members.add(pid)
            waiting += children.get(pid, [])
    return members


def stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat that follow the name: the state, the parent, and so on."""
    return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the processor time that these processes have used so far, with that of children that have ended."""
    total = 0
    for pid in family(pids):
        with suppress(OSError):
            total += sum(map(int, stat(pid)[11:15]))
    return total / TICKS


def pss_megabytes(pids: Iterable[int]) -> float:
    """Return the memory of these processes; pages that several processes share are divided among them."""
    kilobytes = 0
    for pid in family(pids):
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes * 1024 / 1e6


def named(pids: Iterable[int], word: str) -> set[int]:
    """Return those of these processes and their descendants whose command contains a word."""
    matches = set()
    for pid in family(pids):
        with suppress(OSError):
            if word in Path(f"/proc/{pid}/cmdline").read_text():
                matches.add(pid)
    return matches
