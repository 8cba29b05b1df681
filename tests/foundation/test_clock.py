"""A step of the machine's clock does not count at once, so that nobody's exam ends by it."""

from datetime import timedelta

import pytest

from foundation.clock import FOLLOWED, HELD, SteadyClock
from tests.factories import NOW

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Machine:
    """A machine whose wall clock can be set, and whose uptime only grows."""

    def __init__(self):
        self.wall, self.uptime = NOW, 5 * MINUTE
        self.steady = SteadyClock(lambda: self.wall, self.up)

    def up(self):
        return self.uptime

    def run(self, time):
        self.wall, self.uptime = self.wall + time, self.uptime + time

    def set(self, by):
        self.wall += by


@pytest.fixture
def machine():
    return Machine()


def test_time_passes(machine):
    machine.run(HOUR)
    assert (machine.steady.now(), machine.steady.step()) == (NOW + HOUR, timedelta())


@pytest.mark.parametrize("by", [FOLLOWED, -FOLLOWED])
def test_a_small_step_is_followed_at_once_and_several_are_no_large_one(machine, by):
    for times in (1, 2, 3):
        machine.set(by)
        assert (machine.steady.now(), machine.steady.step()) == (NOW + by * times, timedelta())


@pytest.mark.parametrize("by", [3 * HOUR, -3 * HOUR, FOLLOWED + timedelta(microseconds=1)])
def test_after_a_large_step_the_old_time_goes_on(machine, by):
    machine.run(MINUTE)
    machine.set(by)
    machine.run(MINUTE)
    assert (machine.steady.now(), machine.steady.step()) == (NOW + 2 * MINUTE, by)


def test_a_clock_that_was_put_right_is_followed_and_the_next_step_waits_as_long(machine):
    for _ in range(2):
        machine.set(HOUR)
        machine.run(HELD - MINUTE)
        assert machine.steady.step() == HOUR
        before = machine.steady.now()
        machine.set(-HOUR)
        assert (machine.steady.now(), machine.steady.step()) == (before, timedelta())


def test_a_step_that_nobody_corrects_counts_after_an_hour(machine):
    machine.set(3 * HOUR)
    assert machine.steady.now() == NOW
    machine.run(HELD - timedelta(microseconds=1))
    assert machine.steady.now() == NOW + HELD - timedelta(microseconds=1)
    machine.run(timedelta(microseconds=1))
    assert (machine.steady.now(), machine.steady.step()) == (NOW + 3 * HOUR + HELD, timedelta())


def test_a_process_that_was_stopped_between_both_clocks_reads_them_again(machine):
    pauses = [3 * HOUR]

    def up():
        found = machine.uptime
        if pauses:
            machine.run(pauses.pop())
        return found

    machine.steady.uptime = up
    assert (machine.steady.now(), machine.steady.step()) == (NOW + 3 * HOUR, timedelta())
