"""One program as a child process: start it, restart it, and stop it with everything that it started."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from config.up.lifelines import die_with_parent
from config.up.programs import ROOT, Program

LONGEST_WAIT = 30.0  # seconds between two starts of a program that dies before it serves
STEADY_AFTER = 60.0  # seconds a program must live for its earlier deaths to be forgotten


@dataclass
class Child:
    """A program and its process. `output` is the descriptor of its output, or -1 before the start."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    output: int = -1
    started_at: float = 0.0
    deaths: int = 0
    retry_at: float = 0.0
    unfinished: bytes = b""
    has_served: bool = False

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
            start_new_session=True,  # a separate group, so that all of it can be stopped and only we receive Ctrl-C
            preexec_fn=partial(die_with_parent, self.program.last_signal, os.getpid()),  # noqa: PLW1509  # one thread
        )
        os.close(theirs)
        self.has_served = False
        self.started_at = now

    @property
    def status(self) -> int | None:
        """Return the exit status, or None while the program runs or has not been started."""
        return self.process.poll() if self.process else None

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.status is None

    def bury(self, now: float) -> float:
        """Clear what the dead program left. Return the seconds until its next start: 0 if it had served."""
        self.signal(signal.SIGKILL)
        self.process = None
        if self.has_served:
            self.deaths, wait = 0, 0.0
        else:
            self.deaths = 1 if now - self.started_at >= STEADY_AFTER else self.deaths + 1
            wait = min(LONGEST_WAIT, 2.0 ** (self.deaths - 1))
        self.retry_at = now + wait
        return wait

    def signal(self, number: int) -> None:
        """Send a signal to the whole group, even after its leader has gone."""
        if self.process is not None:
            with suppress(ProcessLookupError):  # all of it has ended
                os.killpg(self.process.pid, number)

    def read_lines(self) -> Iterator[str]:
        """Yield the complete lines printed so far. An incomplete last line is kept for later. Closes at the end of output."""
        while self.output >= 0:
            try:
                data = os.read(self.output, 65536)
            except BlockingIOError:
                return
            *lines, self.unfinished = (self.unfinished + data).split(b"\n")
            for line in (raw.decode(errors="replace").rstrip() for raw in lines):
                self.has_served |= bool(self.program.serving) and self.program.serving in line
                yield line
            if not data:
                self.close_output()

    def close_output(self) -> None:
        if self.output >= 0:
            os.close(self.output)
        self.output = -1
