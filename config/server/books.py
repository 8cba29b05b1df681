"""What each party holds of this process at the moment: connections, requests, bytes of bodies."""

from collections import Counter
from dataclasses import dataclass

from config.server.kinds import Rank
from config.server.parties import Party


@dataclass(frozen=True)
class Allowance:
    """How much strangers may hold together, how much more there is for people, and again for answers; and for one person."""

    strangers: int
    people: int
    answers: int
    person: int

    def total(self, rank: Rank) -> int:
        return self.strangers + (self.people, self.people, 0)[rank] + (self.answers, 0, 0)[rank]


# Of one process. An exam hall of 500 people shares one address, and each browser opens up to six connections.
CONNECTIONS = Allowance(strangers=8192, people=4096, answers=0, person=64)
REQUESTS = Allowance(strangers=4096, people=1024, answers=1024, person=64)
STREAMS = Allowance(strangers=1024, people=2048, answers=0, person=16)
BYTES = Allowance(strangers=64 << 20, people=96 << 20, answers=32 << 20, person=24 << 20)


class Book:
    """How much of one thing each party holds.

    One address may hold as much as is left for the next one: the first at most a half, the second a third of the rest,
    and so on. So there is always room for one more address, however many of them take all that they can get.
    """

    def __init__(self, budget: Allowance) -> None:
        self.budget = budget
        self.held = Counter[Party]()
        self.total = 0

    def problem(self, party: Party, rank: Rank, amount: int = 1) -> str:
        """Return why `party` may not hold `amount` more, or ""."""
        wanted, left = self.held[party] + amount, self.budget.total(rank) - self.total
        most = self.budget.person if isinstance(party, int) else left
        if amount <= left and wanted <= most:
            return ""
        return "party_full" if amount <= left else "server_full"

    def take(self, party: Party, amount: int = 1) -> None:
        self.held[party] += amount
        self.total += amount

    def give_back(self, party: Party, amount: int = 1) -> None:
        self.total -= amount
        self.held[party] -= amount
        if not self.held[party]:
            del self.held[party]

    def heaviest(self) -> Party | None:
        return max(self.held, key=self.held.__getitem__, default=None)
