"""Costly answers: one at a time for each person. Counted per process, as throttles are."""

from threading import Lock

from rest_framework.exceptions import Throttled

WAIT = 1  # second, the smallest Retry-After
ONE_AT_A_TIME = "Another large answer of yours is still being made. Nothing was changed: ask for one at a time."


class Turns:
    """Turns by person. A second request is told to come back later, so that it blocks nobody."""

    def __init__(self) -> None:
        self.lock, self.held = Lock(), set[int]()

    def take(self, person: int) -> None:
        """Take a turn. Raises Throttled while the person already has one."""
        with self.lock:
            if person in self.held:
                raise Throttled(WAIT, ONE_AT_A_TIME)
            self.held.add(person)

    def give_back(self, person: int) -> None:
        with self.lock:
            self.held.discard(person)


turns = Turns()
