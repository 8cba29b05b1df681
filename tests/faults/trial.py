"""One trial: a storm, and then everything that the oracle and the product's own commands find."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from labs.models import Run
from portal.rights.services import seal_waiting
from tests.faults.journal import Exchange, Journal, exchanges
from tests.faults.oracle import Seen, problems_of
from tests.faults.site import Site, running_site
from tests.faults.storm import Storm
from tests.faults.world import World
from tests.labs.lives import wait_until
from tests.loops import ran

LAST_VERDICTS = 240  # seconds


@dataclass(frozen=True)
class Trial:
    """What a storm did, and what is wrong afterwards."""

    deaths: Counter[str]
    exchanges: list[Exchange]
    problems: list[str]
    records: int
    seconds: float

    @property
    def saves(self) -> int:
        """Return how many drafts and attempts were acknowledged."""
        paths = ("/draft/", "/attempts/")
        return sum(each.path.endswith(paths) and each.status in (200, 201) for each in self.exchanges)

    def figures(self) -> dict[str, object]:
        answered = Counter(each.status for each in self.exchanges if each.status)
        return {
            "kills": self.deaths.total(),
            "acknowledged saves": self.saves,
            "lost or wrong": len(self.problems),
            "requests": len(self.exchanges),
            "requests sent more than once": sum(each.failures > 0 for each in self.exchanges),
            "tries without an answer": sum(each.failures for each in self.exchanges),
            "append-only records compared": self.records,
            **{f"answered {status}": count for status, count in sorted(answered.items())},
            **{f"killed: {name}": count for name, count in sorted(self.deaths.items()) if count},
            "seconds": round(self.seconds),
        }


def hold_trial(
    site: Site, world: World, *, seed: int, clients: int, saves: int, victims: Sequence[str], has_runner: bool = False
) -> Trial:
    """Let the storm rage on a new site, then compare. The database that the environment names is the site's."""
    journal_at, seen, began = site.data / "journal.jsonl", Seen(), time.monotonic()
    connections.close_all()
    with running_site(site):
        if has_runner:
            site.start_runner()
        deaths = ran(rage(site, world, Journal(journal_at), seed, seen, clients, saves, victims))
        if has_runner:
            wait_until(lambda: not Run.objects.filter(verdict=None).exists(), LAST_VERDICTS)
    said = exchanges(journal_at)
    problems = list(problems_of(said, world, seen))
    while not seal_waiting(now=timezone.now()).is_last:
        pass
    problems += [found for name in ("verify_grades", "verify_records") if (found := complaint_of(name))]
    return Trial(deaths, said, problems, len(seen.rows), time.monotonic() - began)


async def rage(
    site: Site, world: World, journal: Journal, seed: int, seen: Seen, clients: int, saves: int, victims: Sequence[str]
) -> Counter[str]:
    storm = Storm(site, world, journal, seed, watch=seen.look)
    await storm.rage(clients=clients, saves=saves, victims=victims)
    await asyncio.to_thread(storm.look)
    journal.close()
    return storm.deaths


def complaint_of(command: str) -> str:
    """Run a command of the product. Return "" or, if it fails, what it prints."""
    said = StringIO()
    try:
        call_command(command, stdout=said, stderr=said)
    except CommandError as problem:
        return f"manage.py {command}: {problem}\n{said.getvalue()}"
    return ""
