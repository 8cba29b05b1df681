"""Limit how many event streams a person holds open. Counted per process, as throttles are."""

import asyncio
import resource
from collections import Counter

from labs.refusals import Refusal

MOST_STREAMS = 12  # streams of one person in one process; an open page uses three at most
REST = 0.02  # seconds between two chunks of long output, over all streams of a person
SHARE = 4  # a stream uses at most two descriptors; half of all descriptors are left for other requests


class WatcherSlots:
    """Open streams by person. For a single event loop: its methods do not wait."""

    def __init__(self) -> None:
        self.held: Counter[int] = Counter()
        self.resting: dict[int, asyncio.Lock] = {}

    def take(self, person: int) -> "WatcherSlot":
        """Reserve a slot. Raises Refusal too_many_streams, streams_full."""
        if self.held[person] >= MOST_STREAMS:
            raise Refusal("too_many_streams", most=MOST_STREAMS)
        if self.held.total() >= resource.getrlimit(resource.RLIMIT_NOFILE)[0] // SHARE:
            raise Refusal("streams_full")
        self.held[person] += 1
        return WatcherSlot(self, person, self.resting.setdefault(person, asyncio.Lock()))


class WatcherSlot:
    """A reserved slot, until it is given back. Giving it back twice is harmless."""

    def __init__(self, slots: WatcherSlots, person: int, resting: asyncio.Lock) -> None:
        self.slots, self.person, self.resting, self.is_held = slots, person, resting, True

    async def rest(self) -> None:
        """Yield the event loop to others.

        A person's streams share one delay, so many streams together replay only as fast as one.
        """
        async with self.resting:
            await asyncio.sleep(REST)

    def give_back(self) -> None:
        if self.is_held:
            self.is_held = False
            self.slots.held[self.person] -= 1
            if not self.slots.held[self.person]:
                del self.slots.held[self.person], self.slots.resting[self.person]


slots = WatcherSlots()
