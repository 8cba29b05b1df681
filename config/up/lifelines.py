"""End every process when the one that started it ends, for whatever reason."""

import ctypes
import multiprocessing
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(number: int, parent: int) -> None:
    """Make the kernel send signal `number` to this child when the process `parent` ends."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # the parent ended before the kernel was told
            os.kill(os.getpid(), number)


def die_with_server() -> None:
    """End a process that answers pages when its server ends. Otherwise it would hold port and database forever.

    The signal must be one that cannot be handled, because a thread that waits for a stopped event loop never ends.
    """
    if (server := multiprocessing.parent_process()) and server.pid is not None:
        die_with_parent(signal.SIGKILL, server.pid)
