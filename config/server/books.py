"""What each party holds of this process at the moment: connections, requests, bytes of bodies."""

from collections import Counter
from dataclasses import dataclass

from config.server.kinds import Rank
from config.server.parties import Party


@dataclass(frozen=True)
class Allowance:
    """How much strangers may hold together, people, and people for their answers; and how much one person of each."""

    strangers: int
    people: int
    person: int
    answers: int = 0
    answers_of_person: int = 0


# Of one process. An exam hall of 500 people shares one address, and each browser opens up to six connections.
CONNECTIONS = Allowance(strangers=8192, people=8192, person=64)
REQUESTS = Allowance(strangers=4096, people=4096, person=64, answers=4096, answers_of_person=64)
STREAMS = Allowance(strangers=1024, people=3072, person=16)
BYTES = Allowance(strangers=64 << 20, people=192 << 20, person=16 << 20, answers=64 << 20, answers_of_person=1 << 20)


class Pot:
    """What the parties of one rank may hold together.

    One address may hold as much as is left for the next one: the first at most a half, the second a fourth, and so on.
    When nothing is left, what is given back goes to somebody who holds nothing. People have a fixed limit, because an
    account costs more than an address.
    """

    def __init__(self, budget: int, most_of_one: int | None = None) -> None:
        self.budget, self.most_of_one = budget, most_of_one
        self.held = Counter[Party]()
        self.total = 0

    def problem(self, party: Party, amount: int) -> str:
        wanted, left = self.held[party] + amount, self.budget - self.total
        if wanted > (left if self.most_of_one is None else self.most_of_one):
            return "party_full" if amount <= left else "server_full"
        return "" if amount <= left else "server_full"

    def take(self, party: Party, amount: int) -> None:
        self.held[party] += amount
        self.total += amount
        if not self.held[party]:
            del self.held[party]

    def heaviest(self) -> Party | None:
        return max(self.held, key=self.held.__getitem__, default=None)


class Book:
    """How much of one thing each party holds. Each rank has a separate pot, so that no rank uses up what another needs."""

    def __init__(self, budget: Allowance) -> None:
        self.pots = {
            Rank.ANSWER: Pot(budget.answers, budget.answers_of_person),
            Rank.PERSON: Pot(budget.people, budget.person),
            Rank.STRANGER: Pot(budget.strangers),
        }

    def problem(self, party: Party, rank: Rank, amount: int = 1) -> str:
        """Return why `party` may not hold `amount` more, or ""."""
        return self.pots[rank].problem(party, amount)

    def take(self, party: Party, rank: Rank, amount: int = 1) -> None:
        self.pots[rank].take(party, amount)

    def give_back(self, party: Party, rank: Rank, amount: int = 1) -> None:
        self.pots[rank].take(party, -amount)

    def held(self, party: Party) -> int:
        return sum(pot.held[party] for pot in self.pots.values())

    def heaviest_ones(self, number: int) -> list[Party]:
        """Return those who hold most, at least so many if there are."""
        return [party for pot in self.pots.values() for party, _ in pot.held.most_common(number)]

    def fill(self) -> float:
        """Return how full the fullest pot is, as a part of one."""
        return max(pot.total / pot.budget for pot in self.pots.values() if pot.budget)
