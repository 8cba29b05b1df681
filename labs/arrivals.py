"""Wake up when a file in a folder is written, without polling (Linux inotify)."""

import asyncio
import ctypes
import logging
import os
import select
import struct
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CLOSE_WRITE, MOVED_TO = 0x8, 0x80
HEAD = struct.Struct("iIII")
MOST_BYTES = 1 << 16
_libc = ctypes.CDLL(None, use_errno=True)
log = logging.getLogger(__name__)


def watch(folder: Path) -> int:
    """Return a descriptor that becomes readable once a file in the folder is written and closed.

    Raises OSError if the kernel does not grant a descriptor.
    """
    descriptor = _libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), "inotify_init1")
    if _libc.inotify_add_watch(descriptor, os.fsencode(folder), CLOSE_WRITE | MOVED_TO) < 0:
        number = ctypes.get_errno()
        os.close(descriptor)
        raise OSError(number, f"inotify_add_watch {folder}")
    return descriptor


def written(descriptor: int) -> set[str]:
    """Return the names of the files written since the last call."""
    try:
        content = os.read(descriptor, MOST_BYTES)
    except BlockingIOError:
        return set()
    names, at = set(), 0
    while at < len(content):
        *_, length = HEAD.unpack_from(content, at)
        at += HEAD.size + length
        names.add(os.fsdecode(content[at - length : at].rstrip(b"\0")))
    return names


class Arrivals:
    """A folder to wait on, in a thread. If the kernel grants no watch, waiting lasts `pause` seconds."""

    def __init__(self, folder: Path, pause: float):
        self.pause = pause
        try:
            self.descriptor: int | None = watch(folder)
        except OSError as error:
            log.warning("polling for files in %s, because the kernel offers no watch: %s", folder, error)
            self.descriptor = None

    def wait(self, seconds: float) -> None:
        """Wait until a file has been written since the last wait, or the time is up."""
        ready, _, _ = select.select(
            [self.descriptor] if self.descriptor is not None else [], [], [], self.bound(seconds)
        )
        if ready and self.descriptor is not None:
            written(self.descriptor)

    def bound(self, seconds: float) -> float:
        return seconds if self.descriptor is not None else min(seconds, self.pause)

    def close(self) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)
        self.descriptor = None


class FileWaiters:
    """Wake the waiters for single files in a folder, in an event loop. One descriptor serves all of them."""

    def __init__(self, folder: Path, pause: float):
        self.arrivals, self.pause = Arrivals(folder, pause), pause
        self.waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self.loop = asyncio.get_running_loop()
        if self.arrivals.descriptor is not None:
            self.loop.add_reader(self.arrivals.descriptor, self.wake)

    def wake(self) -> None:
        assert self.arrivals.descriptor is not None
        names = written(self.arrivals.descriptor)
        if "" in names:  # the kernel's queue overflowed, so wake everyone
            names = set(self.waiting)
        for name in names:
            for event in self.waiting.get(name, ()):
                event.set()

    def close(self) -> None:
        if self.arrivals.descriptor is not None:
            self.loop.remove_reader(self.arrivals.descriptor)
        self.arrivals.close()


_waiters: dict[tuple[asyncio.AbstractEventLoop, Path], FileWaiters] = {}


@contextmanager
def waiter_for(path: Path, pause: float) -> Iterator["FileWaiter"]:
    """Yield a waiter for writes to a file. If the file is written before the wait begins, the wait returns at once."""
    key = (asyncio.get_running_loop(), path.parent)
    if key not in _waiters:
        path.parent.mkdir(parents=True, exist_ok=True)
        _waiters[key] = FileWaiters(path.parent, pause)
    waiters, event = _waiters[key], asyncio.Event()
    waiters.waiting[path.name].add(event)
    try:
        yield FileWaiter(waiters, event)
    finally:
        waiters.waiting[path.name].discard(event)
        if not waiters.waiting[path.name]:
            del waiters.waiting[path.name]
        if not waiters.waiting and _waiters.get(key) is waiters:
            _waiters.pop(key).close()


class FileWaiter:
    def __init__(self, waiters: FileWaiters, event: asyncio.Event):
        self.waiters, self.event = waiters, event

    async def wait(self, seconds: float) -> None:
        """Wait until the file is written, or the time is up."""
        try:
            await asyncio.wait_for(self.event.wait(), self.waiters.arrivals.bound(seconds))
        except TimeoutError:
            return
        finally:
            self.event.clear()
