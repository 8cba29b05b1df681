"""Threads get a fair lock in the order in which they asked for it."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.sqlite.turns import FairLock

PATIENCE = 300  # seconds after which a test fails instead of hanging


@pytest.fixture
def lock():
    """A lock that is held."""
    found = FairLock()
    assert found.acquire(timeout=0)
    return found


def until_waiting(lock, number):
    """Return once this number of threads wait."""
    give_up_at = time.monotonic() + PATIENCE
    while lock.waiting != number:
        assert time.monotonic() < give_up_at
        time.sleep(0.001)


def test_threads_get_the_lock_in_the_order_in_which_they_asked(lock):
    served = []

    def serve(number):
        assert lock.acquire(timeout=PATIENCE)
        served.append(number)
        lock.release()

    with ThreadPoolExecutor(5) as pool:
        asked = []
        for number in range(5):
            asked.append(pool.submit(serve, number))
            until_waiting(lock, number + 1)
        lock.release()
        assert [each.result(PATIENCE) for each in asked] == [None] * 5
    assert served == [0, 1, 2, 3, 4]


def test_a_thread_that_comes_later_cannot_take_the_lock_from_one_that_waits(lock):
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lock.acquire, timeout=PATIENCE)
        until_waiting(lock, 1)
        lock.release()
        assert not lock.acquire(timeout=0)
        assert waiting.result(PATIENCE)


def test_a_thread_that_stopped_waiting_is_not_handed_the_lock(lock):
    assert not lock.acquire(timeout=0.001)
    lock.release()
    assert lock.acquire(timeout=0)


def test_a_thread_whose_wait_is_interrupted_is_not_handed_the_lock():
    class Interrupted(FairLock):
        def comes(self, turn, timeout):
            raise KeyboardInterrupt

    lock = Interrupted()
    assert lock.acquire(timeout=0)
    with pytest.raises(KeyboardInterrupt):
        lock.acquire(timeout=PATIENCE)
    lock.release()
    assert lock.acquire(timeout=0)


def test_turns_are_counted_when_they_are_over(lock):
    assert lock.turns == 0
    lock.release()
    assert lock.acquire(timeout=0)
    assert lock.turns == 1


def test_a_lock_that_is_handed_over_while_a_thread_stops_waiting_is_its():
    class Late(FairLock):
        def comes(self, turn, timeout):
            self.release()
            return False

    lock = Late()
    assert lock.acquire(timeout=0)
    assert lock.acquire(timeout=0)  # the first one released it, too late to be noticed
    assert lock.waiting == 0
