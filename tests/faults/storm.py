"""Many people work at once while one part after another is killed, at moments that a seed chooses."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from django.db import DatabaseError, connections

from tests.faults import failpoints
from tests.faults.callers import Instructor, Learner, Programmer
from tests.faults.journal import Journal
from tests.faults.site import Site
from tests.faults.world import Person, World

LOOK = 0.02  # seconds between two looks at how many saves were acknowledged
STUCK = 240  # seconds without an acknowledged save, after which the storm fails
WATCH = 10  # deaths between two looks at the database
# How often each part dies, of a hundred deaths; the failpoints share what is left. A part that starts quickly dies often.
PARTS = {"web process": 16, "web": 7, "worker": 12, "runner": 3, "supervisor": 4}
STORES = {"redis": 8, "postgresql": 16}


class Storm:
    """The deaths of one run. `watch` reads the database now and then, while it answers."""

    def __init__(
        self, site: Site, world: World, journal: Journal, seed: int, *, watch: Callable[[], None] = lambda: None
    ) -> None:
        self.site, self.world, self.journal, self.watch = site, world, journal, watch
        self.choices = random.Random(seed)
        self.deaths: Counter[str] = Counter()
        self.armed: set[str] = set()
        self.people: Iterator[Person] = iter(world.learners)
        self.is_over = asyncio.Event()
        port = site.address.port
        self.instructor = Instructor(port, world.instructor, journal, world, self.own_choices())
        self.programmer = Programmer(port, world.programmer, journal)

    def own_choices(self) -> random.Random:
        """Return a generator for one person, whose choices do not depend on how fast others are."""
        return random.Random(self.choices.random())

    async def rage(self, *, clients: int, saves: int, victims: Sequence[str]) -> None:
        """Let so many learners work at a time, until so many saves were acknowledged and all victims have died."""
        self.work = [asyncio.create_task(self.one_after_the_other(self.own_choices())) for _ in range(clients)]
        self.work.append(asyncio.create_task(self.instructor.work(self.is_over)))
        if self.site.runner is not None:
            self.work.append(asyncio.create_task(self.programmer.work(self.is_over)))
        gap = saves // max(1, len(victims))
        try:
            for victim in victims:
                await self.until(self.journal.saves + self.choices.randint(0, 2 * gap))
                await self.kill(victim)
            await self.until(saves)
            while self.deaths.total() < len(victims):  # in place of those that were not there to be killed
                await self.until(self.journal.saves + gap)
                await self.kill("web process")
        finally:
            self.is_over.set()
        await asyncio.gather(*self.work)

    async def one_after_the_other(self, choices: random.Random) -> None:
        """Be one learner after the other."""
        while not self.is_over.is_set():
            own = random.Random(choices.random())
            learner = Learner(self.site.address.port, next(self.people), self.journal, self.world, own)
            self.instructor.working.append(learner)
            await learner.work(self.is_over)
            if not self.is_over.is_set():
                self.instructor.finished.append(learner)

    async def until(self, saves: int) -> None:
        """Wait for so many acknowledged saves, count who died at a failpoint, and start a supervisor that gave up."""
        before, moved_at = self.journal.saves, time.monotonic()
        while self.journal.saves < saves:
            for task in self.work:
                if task.done():
                    task.result()  # raises what ended it
            if self.journal.saves > before:
                before, moved_at = self.journal.saves, time.monotonic()
            assert time.monotonic() - moved_at < STUCK, "no save was acknowledged for minutes"
            await asyncio.sleep(LOOK)
            if self.site.has_given_up:
                await asyncio.to_thread(self.site.start)
            self.count_deaths_at_failpoints()

    def count_deaths_at_failpoints(self) -> None:
        died = {point for point in self.armed if not failpoints.is_armed(self.site.armed, point)}
        self.armed -= died
        self.deaths.update(died)

    async def kill(self, victim: str) -> None:
        """Kill a part, or arm a failpoint, at which a program will die. A part that does not run now is not counted."""
        if victim in failpoints.PLACES or victim in failpoints.LIES:
            self.armed.add(victim)
            failpoints.arm(self.site.armed, victim)
            return
        self.deaths[victim] += await asyncio.to_thread(self.site.kill, victim, self.choices.choice)
        if self.deaths.total() % WATCH == 0:
            await asyncio.to_thread(self.look)

    def look(self) -> None:
        """Call `watch`, unless the database is unavailable."""
        with suppress(DatabaseError):
            self.watch()
        connections.close_all()


def victims_of(choices: random.Random, number: int, *, with_stores: bool) -> list[str]:
    """Choose victims. Each part is among them as often as its weight says, and the failpoints take turns."""
    weights = PARTS | (STORES if with_stores else {})
    found = [name for name, weight in weights.items() for _ in range(round(number * weight / 100))]
    points = list(failpoints.PLACES)
    found += [points[place % len(points)] for place in range(number - len(found))]
    choices.shuffle(found)
    return found
