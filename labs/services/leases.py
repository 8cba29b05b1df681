"""Leases of work that goes on in the background, step by step: retests and tryouts.

Any worker may do the next step: it holds a lease, and the name of a step at the runner is unique, so a step never runs
twice at once. A worker's heartbeat renews the lease, so that another worker takes over soon after its death.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import QuerySet

from foundation.queue import send_task
from labs.models import Retest, Tryout
from labs.rules.heartbeats import LEASE
from labs.services.executing import Clock

PAUSE = timedelta(seconds=10)  # until the next try at a runner that was full or away

type Stepwise = Retest | Tryout
type RowKey = int | str


class NoPlace(Exception):
    """All runners are full or away now."""


class Leases:
    """The leases that this process holds now; its heartbeat renews them.

    A lease is known by its end. After another worker has taken it over, this process neither renews it nor gives it up.
    """

    def __init__(self) -> None:
        self._ends: dict[tuple[type[Stepwise], RowKey], datetime] = {}
        self._lock = threading.Lock()

    def take(self, table: type[Stepwise], pk: RowKey, now: datetime) -> bool:
        """Take the lease of unfinished work, unless another worker holds it. Return whether it is ours."""
        with self._lock:
            rows = table.objects.filter(pk=pk, finished_at=None, lease_until__lte=now)
            is_ours = rows.update(lease_until=now + LEASE) == 1
            if is_ours:
                self._ends[table, pk] = now + LEASE
            return is_ours

    def renew(self, now: datetime) -> None:
        """Renew every lease that is still ours."""
        with self._lock:
            for (table, pk), end in list(self._ends.items()):
                if table.objects.filter(pk=pk, lease_until=end).update(lease_until=now + LEASE):
                    self._ends[table, pk] = now + LEASE

    def give_up(self, table: type[Stepwise], pk: RowKey, until: datetime) -> None:
        """Let any worker take the lease from `until` on."""
        with self._lock:
            end = self._ends.pop((table, pk))  # first: if the database fails now, a heartbeat must not renew the lease
            table.objects.filter(pk=pk, lease_until=end).update(lease_until=until)

    @contextmanager
    def row(self, table: type[Stepwise], pk: RowKey) -> Iterator[QuerySet[Stepwise]]:
        """Yield the row whose lease we took; empty if another worker has taken it over. Heartbeats wait until the block ends."""
        with self._lock:
            yield table.objects.filter(pk=pk, lease_until=self._ends[table, pk])

    def do_next(self, table: type[Stepwise], pk: RowKey, step: Callable[[], bool], clock: Clock) -> bool:
        """Do the next step unless another worker does. Return what it returns: whether there may be another to do now.

        A step that raises NoPlace is done later.
        """
        if not self.take(table, pk, clock()):
            return False
        pause = timedelta()
        try:
            return step()
        except NoPlace:
            pause = PAUSE
            return False
        finally:
            self.give_up(table, pk, clock() + pause)


def wake_for(table: type[Stepwise], task: str, now: datetime) -> int:
    """Wake workers for abandoned work: a message was lost, or a worker died. Return how many."""
    waiting = list(table.objects.filter(finished_at=None, lease_until__lte=now).values_list("pk", flat=True))
    for pk in waiting:
        send_task(task, pk)
    return len(waiting)
