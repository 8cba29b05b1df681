"""One loop in one thread: copy what the programs print, restart the dead ones, and stop all of them on a signal."""

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from logging import LogRecord, makeLogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path

from config.scrubbing import scrub_here, scrub_printed, scrub_values
from config.up.children import Child
from config.up.programs import Program

TICK = 0.1  # seconds


type LineOf = Callable[[str, str, str], str]  # of a time, a program's name and what it printed


def text_line(stamp: str, program: str, line: str) -> str:
    return f"{stamp} {program:<8}| {scrub_printed(line)}"


def json_line(stamp: str, program: str, line: str) -> str:
    """Return a JSON object. What a program printed as JSON stays as it is, with the program's name."""
    try:
        entry = json.loads(line) if line.startswith("{") else None
    except (ValueError, RecursionError):
        entry = None
    if isinstance(entry, dict):
        clean = {name: scrub_values(value, scrub_here()) for name, value in entry.items()}
    else:
        clean = {"at": stamp, "level": "info", "message": scrub_printed(line)}
    return json.dumps({**clean, "program": program}, ensure_ascii=False)


class LogFile(RotatingFileHandler):
    """Write the log. While that fails, as on a full disk, lines are lost, and the terminal says so once."""

    def __init__(self, log: Path, say: Callable[[str], None]) -> None:
        super().__init__(log, maxBytes=5_000_000, backupCount=4, encoding="utf-8")
        self.say = say
        self.has_failed = self.fails = False

    def emit(self, record: LogRecord) -> None:
        self.fails = False
        super().emit(record)
        self.has_failed = self.fails

    def handleError(self, record: LogRecord) -> None:  # noqa: N802 - logging's own name
        self.fails = True
        if not self.has_failed:
            self.say(
                f"Cannot write {self.baseFilename}: {sys.exc_info()[1]}. The programs go on; their messages are lost."
            )

    def close(self) -> None:
        with suppress(OSError):  # the last line had no room either
            super().close()


class Supervisor:
    """Run `programs` until SIGINT or SIGTERM. `at_tick(supervisor)` is called about ten times a second."""

    def __init__(
        self, programs: Iterable[Program], log: Path, say: Callable[[str], None], line_of: LineOf = text_line
    ) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self.log = LogFile(log, say)
        self.children = [Child(program) for program in programs]
        self.say = say
        self.line_of = line_of
        self.stop_signals = 0

    def run(self, at_tick: Callable[["Supervisor"], None]) -> None:
        self.wakeup = listen_to_signals(self.count_signal)
        try:
            while not self.stop_signals:
                self.revive(time.monotonic())
                at_tick(self)
                self.copy_output()
        finally:
            self.stop()

    def count_signal(self) -> None:
        self.stop_signals += 1

    def revive(self, now: float) -> None:
        for child in self.children:
            if child.status is not None:
                self.bury(child, now)
            if not child.is_running and now >= child.retry_at:
                child.start(now)

    def bury(self, child: Child, now: float) -> None:
        self.write_lines(child)
        status, wait = child.status, child.bury(now)
        when = f"in {wait:g} s" if wait else "at once"
        sentence = f"{child.program.name} ended with status {status}; it starts again {when}"
        child.close_output()  # a process that it started may still have held the other end
        self.write(child, sentence)
        self.say(f"{sentence} ({self.log.baseFilename} says more)")

    def copy_output(self) -> None:
        """Sleep until something is printed, a signal arrives, or the next tick is due."""
        outputs = [child.output for child in self.children if child.output >= 0]
        ready, _, _ = select.select([self.wakeup, *outputs], [], [], TICK)
        if self.wakeup in ready:
            os.read(self.wakeup, 512)
        for child in self.children:
            self.write_lines(child)

    def write_lines(self, child: Child) -> None:
        for line in child.read_lines():
            self.write(child, line)

    def write(self, child: Child, line: str) -> None:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S%z")
        self.log.emit(makeLogRecord({"msg": self.line_of(stamp, child.program.name, line)}))

    def stop(self) -> None:
        """End every group, each within the patience of its program; a second signal ends them at once."""
        for child in self.children:
            child.signal(signal.SIGTERM)
        began = time.monotonic()
        while left := [child for child in self.children if child.is_running or child.output >= 0]:
            if self.stop_signals > 1:
                break
            self.copy_output()
            for child in left:
                if time.monotonic() - began > child.program.patience:
                    self.kill(child)
        for child in self.children:
            self.kill(child)
        self.log.close()

    def kill(self, child: Child) -> None:
        """Kill what is left of a group. Its leader may have ended: an output that is open belongs to another one of it."""
        child.signal(signal.SIGKILL)
        if child.process is not None:
            child.process.wait()
        self.write_lines(child)
        child.close_output()


def listen_to_signals(count: Callable[[], None]) -> int:
    """Return a descriptor that becomes readable when SIGINT or SIGTERM arrives, so that it is handled at once."""
    reader, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(writer)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: count())
    return reader
