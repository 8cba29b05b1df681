"""A lock that threads get in the order in which they asked for it.

A plain lock that is released belongs to the thread that asks next, which may have just held it, and those that wait go on
waiting.
"""

import threading
from collections import deque


class FairLock:
    """Is handed from the thread that releases it to the one that has waited longest."""

    def __init__(self) -> None:
        self._guard, self._is_held = threading.Lock(), False
        self._waiting: deque[threading.Lock] = deque()
        self.turns = 0  # that are over

    @property
    def waiting(self) -> int:
        """Return how many threads wait."""
        return len(self._waiting)

    def acquire(self, *, timeout: float) -> bool:
        """Wait up to `timeout` seconds. Return whether this thread has the lock."""
        with self._guard:
            if not self._is_held:
                self._is_held = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        try:
            return self.comes(turn, timeout) or self.came(turn)
        except BaseException:  # for example, a signal handler raised it
            if self.came(turn):
                self.release()
            raise

    def release(self) -> None:
        with self._guard:
            self.turns += 1
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_held = False

    def comes(self, turn: threading.Lock, timeout: float) -> bool:
        return turn.acquire(timeout=timeout)

    def came(self, turn: threading.Lock) -> bool:
        """Stop waiting. Return whether the lock was handed over in this very moment."""
        with self._guard:
            if turn not in self._waiting:
                return True
            self._waiting.remove(turn)
            return False
