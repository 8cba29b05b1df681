"""Compare the processor time of requests with the floor's: product and floor take turns, in several rounds, on the same
PostgreSQL or each on its own SQLite. Other load on the machine then affects both in the same way.
"""

import statistics
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

from bench.rig.load import Client, Load, measure
from bench.rig.results import Figure
from bench.rig.servers import Server, floor, postgresql, product, redis

LEARNERS = 600
CLIENTS = 8
type Maker = Callable[[int, Iterator[str]], Client]


@dataclass(frozen=True)
class Pair:
    """The product and the floor on one database, with sessions of learners who have not answered anything yet."""

    product: Server
    floor: Server
    sessions: Iterator[str]
    floor_sessions: Iterator[str]
    database: tuple[int, ...]

    def product_load(self, learner: Maker, **options: float) -> Load:
        clients = [learner(self.product.port, self.sessions) for _ in range(CLIENTS)]
        return measure(clients, [*self.product.web(), *self.database], **options)

    def floor_load(self, learner: Maker, **options: float) -> Load:
        clients = [learner(self.floor.port, self.floor_sessions) for _ in range(CLIENTS)]
        return measure(clients, [self.floor.pid, *self.database], **options)


@contextmanager
def pair_on_postgresql() -> Iterator[Pair]:
    with (
        postgresql() as database,
        redis() as redis_url,
        product(database_url=database.url(), redis_url=redis_url) as ours,
        floor(database_url=database.url()) as theirs,
    ):
        yield paired(ours, theirs, database.pid)


@contextmanager
def pair_on_sqlite() -> Iterator[Pair]:
    with product() as ours, floor() as theirs:
        yield paired(ours, theirs)


def paired(ours: Server, theirs: Server, *database: int) -> Pair:
    ours.python("manage.py", "seed_demo", "--learners", str(LEARNERS), "--stage", "enrolled", "--seed", "7")
    return Pair(ours, theirs, endless(ours.sessions("demo-7-")), endless(theirs.sessions("learner")), database)


def endless(sessions: list[str]) -> Iterator[str]:
    """Yield each session once. A learner who has answered everything cannot be used again."""
    yield from sessions
    raise SystemExit("Every learner has answered everything. Measure fewer rounds, or make more learners.")


@dataclass(frozen=True)
class Ratio:
    """The loads of the product and of the floor, round by round."""

    rounds: tuple[tuple[Load, Load], ...]

    @property
    def product_ms(self) -> float:
        return statistics.median(ours.cpu_ms for ours, _ in self.rounds)

    @property
    def floor_ms(self) -> float:
        return statistics.median(theirs.cpu_ms for _, theirs in self.rounds)

    @property
    def ratio(self) -> float:
        return statistics.median(ours.cpu_ms / theirs.cpu_ms for ours, theirs in self.rounds)

    @property
    def failures(self) -> list[str]:
        return [problem for load in chain(*self.rounds) for problem in load.failures]

    def explained(self) -> str:
        return f"product {self.product_ms:.1f} ms, floor {self.floor_ms:.1f} ms"


def ratios(
    pair: Pair, learners: Mapping[str, tuple[Maker, Maker]], *, rounds: int, **options: float
) -> dict[str, Ratio]:
    """Measure each kind of request: `learners` holds the product's learner and the floor's."""
    loads: dict[str, list[tuple[Load, Load]]] = {name: [] for name in learners}
    for _ in range(rounds):
        for name, (ours, theirs) in learners.items():
            loads[name].append((pair.product_load(ours, **options), pair.floor_load(theirs, **options)))
    return {name: Ratio(tuple(pairs)) for name, pairs in loads.items()}


def failures(measured: Mapping[str, Ratio]) -> Figure:
    """Return the figure for requests that failed, of which there must be none."""
    problems = [problem for ratio in measured.values() for problem in ratio.failures]
    return Figure("requests that failed", len(problems), "", at_most=0, reference="; ".join(problems[:1]))
