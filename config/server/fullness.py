"""When this process was full of requests, and who held it: what the sweeper is told, so that an outage has a cause (D20)."""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from config.server.books import Book
from config.server.parties import Party
from foundation import clock
from quizzes.rules.full_servers import MOST_HOLDERS, FullSpan, Holder, HolderKind, full_body

SHARE = 0.25  # a process is full if so much of what a rank may have is held while somebody is refused
QUIET = timedelta(seconds=30)  # without a refusal; the next one begins a new time
LOOKS = timedelta(seconds=0.5)  # between two looks at who holds what
KEPT = timedelta(hours=1)
MOST_TIMES, MOST_REFUSED = 20, 1000


@dataclass
class FullTime:
    """A time in which somebody was refused: the most that each party held, by kind, and how often each was refused."""

    from_at: datetime
    until_at: datetime
    looked_at: datetime
    held: dict[Party, Counter[str]] = field(default_factory=dict)
    refused: Counter[Party] = field(default_factory=Counter)

    def look(self, books: dict[str, Book]) -> None:
        for name, book in books.items():
            for party in book.heaviest_ones(MOST_HOLDERS):
                most = self.held.setdefault(party, Counter())
                most[name] = max(most[name], book.held(party))
        if len(self.held) > MOST_REFUSED:
            kept = sorted(self.held, key=lambda party: self.held[party].total(), reverse=True)[:MOST_HOLDERS]
            self.held = {party: self.held[party] for party in kept}

    def span(self) -> FullSpan:
        parties = sorted(
            self.held, key=lambda party: self.held[party]["connections"] + self.refused[party], reverse=True
        )
        return FullSpan(self.from_at, self.until_at, tuple(self.holder(party) for party in parties[:MOST_HOLDERS]))

    def holder(self, party: Party) -> Holder:
        is_person, most = isinstance(party, int), self.held[party]
        return Holder(
            kind=HolderKind.PERSON if is_person else HolderKind.ADDRESS,
            address="" if is_person else str(party) or "unknown",
            person_id=party if isinstance(party, int) else None,
            connections=most["connections"],
            requests=most["requests"],
            size=most["size"],
            refused=self.refused[party],
        )


class Fullness:
    """Remembers the times of the last hour in which this process was full."""

    def __init__(self) -> None:
        self.books: dict[str, Book] = {}
        self.times = deque[FullTime](maxlen=MOST_TIMES)

    def watch(self, **books: Book) -> None:
        """Look at these books from now on: of connections, of requests, of the size of bodies."""
        self.books |= books

    def refuse(self, party: Party) -> None:
        """Note that `party` was refused. This says nothing while the process has room for all others."""
        if not any(book.fill() >= SHARE for book in self.books.values()):
            return
        now = clock.now()
        if not self.times or now - self.times[-1].until_at > QUIET:
            self.times.append(FullTime(now, now, now - LOOKS))
        time = self.times[-1]
        time.until_at = max(now, time.until_at)
        if party in time.refused or len(time.refused) < MOST_REFUSED:
            time.refused[party] += 1
        if now - time.looked_at >= LOOKS:
            time.looked_at = now
            time.look(self.books)

    def refusals(self, party: Party) -> int:
        """Return how often `party` was refused while the process was full, until a quiet time after it."""
        return self.times[-1].refused[party] if self.times and clock.now() - self.times[-1].until_at <= QUIET else 0

    def heartbeat_body(self) -> dict[str, Any]:
        """Return the body of a heartbeat; nothing if this process was never full."""
        since = clock.now() - KEPT
        times = [time for time in self.times if time.until_at >= since]
        return full_body(time.span() for time in times) if times else {}


FULLNESS = Fullness()
