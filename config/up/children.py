"""One program as a running child: started, restarted with backoff, stopped with all that it started itself."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from config.up.programs import ROOT, Program

LONGEST_WAIT = 30.0  # seconds between two starts of a program that keeps dying
STEADY_AFTER = 60.0  # seconds a program must live for its earlier deaths to be forgotten
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Runs in the child: no program outlives a supervisor that was killed."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """`output` is the descriptor of what the program prints, -1 while there is none."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    output: int = -1
    started_at: float = 0.0
    deaths: int = 0
    retry_at: float = 0.0
    unfinished: bytes = b""

    def start(self, now: float) -> None:
        self.output, theirs = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self.output, False)
        self.process = subprocess.Popen(
            self.program.argv,
            cwd=ROOT,
            env=dict(self.program.environ),
            stdin=subprocess.DEVNULL,
            stdout=theirs,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a group of its own, so that all of it can be stopped, and Ctrl-C is ours alone
            preexec_fn=die_with_parent,  # noqa: PLW1509  # safe here: this process has one thread
        )
        os.close(theirs)
        self.started_at = now

    @property
    def status(self) -> int | None:
        """The exit status, None while it runs or has not been started."""
        return self.process.poll() if self.process else None

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.status is None

    def bury(self, now: float) -> float:
        """Clears what the dead program left; returns the seconds until its next start."""
        self.signal(signal.SIGKILL)
        self.process = None
        self.deaths = 1 if now - self.started_at >= STEADY_AFTER else self.deaths + 1
        wait = min(LONGEST_WAIT, 2.0 ** (self.deaths - 1))
        self.retry_at = now + wait
        return wait

    def signal(self, number: int) -> None:
        """Reaches the whole group, also after its leader has gone."""
        if self.process is not None:
            with suppress(ProcessLookupError):  # all of it has ended
                os.killpg(self.process.pid, number)

    def read_lines(self) -> Iterator[str]:
        """The whole lines printed so far; the rest of the last one waits for its end. Closes at the end of output."""
        while self.output >= 0:
            try:
                data = os.read(self.output, 65536)
            except BlockingIOError:
                return
            *lines, self.unfinished = (self.unfinished + data).split(b"\n")
            yield from (line.decode(errors="replace").rstrip() for line in lines)
            if not data:
                self.close_output()

    def close_output(self) -> None:
        if self.output >= 0:
            os.close(self.output)
        self.output = -1
