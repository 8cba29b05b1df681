"""The time that programs use: the machine's clock, and for an hour the old time if somebody sets that clock.

A clock that is set ahead by mistake would end every running exam at once, and what was graded stays graded. So a program
that runs for long does not follow such a step at first: deadlines stay right, an alert is sent, and an operator has
an hour to put the clock right. After that, or in a program that starts later, the new time counts.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from django.utils import timezone

from foundation.metrics import CLOCK_STEPS

FOLLOWED = timedelta(seconds=5)  # larger steps are not followed at once; an answer counts until 5 s after its deadline
HELD = timedelta(hours=1)  # as long as an exam takes
AT_ONCE = timedelta(seconds=1)  # within which both clocks must be read to be compared
SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # also counts while the machine sleeps

type Wall = Callable[[], datetime]
type Uptime = Callable[[], timedelta]

log = logging.getLogger(__name__)


def uptime() -> timedelta:
    """Return the time since the machine started. Nobody can set this clock."""
    return timedelta(seconds=time.clock_gettime(SINCE_BOOT))


class SteadyClock:
    """The time of the wall clock, unless that was set by more than FOLLOWED; then the old time goes on for HELD."""

    def __init__(self, wall: Wall = timezone.now, uptime: Uptime = uptime) -> None:
        self.wall, self.uptime, self.changing = wall, uptime, Lock()
        self.noticed_at: timedelta | None = None
        now, at = self.both()
        self.booted_at = now - at

    def both(self) -> tuple[datetime, timedelta]:
        """Read both clocks at the same instant: again if this process was stopped in between."""
        while True:
            before, now, at = self.uptime(), self.wall(), self.uptime()
            if at - before <= AT_ONCE:
                return now, at

    def now(self) -> datetime:
        """Return the time that counts."""
        now, at = self.both()
        step = now - at - self.booted_at
        if abs(step) > FOLLOWED and self.is_held(step, at):
            return self.booted_at + at
        self.booted_at, self.noticed_at = now - at, None
        return now

    def is_held(self, step: timedelta, at: timedelta) -> bool:
        """Return whether the time before a step still counts. The first time, report the step."""
        with self.changing:
            is_new = self.noticed_at is None
            noticed_at = self.noticed_at = at if self.noticed_at is None else self.noticed_at
        if is_new:
            CLOCK_STEPS.inc()
            log.error(
                "the clock was set by %+.0f s; for an hour, the time from before counts (docs/runbook.md)",
                step.total_seconds(),
            )
        return at - noticed_at < HELD

    def step(self) -> timedelta:
        """Return by how much the clock was set, if the time from before still counts; 0 otherwise."""
        now, at = self.both()
        step = now - at - self.booted_at
        return step if abs(step) > FOLLOWED and self.is_held(step, at) else timedelta()


class ProcessTime:
    """Where this process reads the time: from the machine's clock, or from a steady one."""

    def __init__(self, wall: Wall = timezone.now) -> None:
        self.wall = wall
        self.steady: SteadyClock | None = None
        self.began_at = wall()


process_time = ProcessTime()


def keep_steady() -> None:
    """Let this process notice that the machine's clock is set. Programs that run for long call it when they start."""
    process_time.steady = process_time.steady or SteadyClock()


def now() -> datetime:
    """Return the time that counts in this process."""
    steady = process_time.steady
    return steady.now() if steady else process_time.wall()


def began_at() -> datetime:
    """Return when this process began."""
    return process_time.began_at


def clock_step() -> timedelta:
    """Return by how much the machine's clock differs from the time that counts here, because somebody set it."""
    steady = process_time.steady
    return steady.step() if steady else timedelta()
