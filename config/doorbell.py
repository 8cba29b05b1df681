"""The queue of files, woken: kombu's filesystem transport, whose worker waits for the next message instead of polling.

Messages lie where and as kombu's own transport writes them; only the waiting differs.
"""

from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem

from labs.arrivals import Arrivals

NAME = "doorbell"
LONGEST = 1.0  # seconds, after which it is looked all the same
PAUSE = 0.02  # seconds between looks, where the kernel grants no watch


class Transport(filesystem.Transport):
    """One waits at most: the worker's consumer."""

    arrivals: Arrivals | None = None

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        """Deliver a message, as soon as there is one; TimeoutError after `timeout` seconds without."""
        ends_at = None if timeout is None else monotonic() + timeout
        if self.arrivals is None:
            self.arrivals = Arrivals(Path(self.client.transport_options["data_folder_in"]), PAUSE)
        while True:
            try:
                self.cycle.get(self._deliver, timeout=timeout)
            except Empty:
                left = LONGEST if ends_at is None else ends_at - monotonic()
                if left <= 0:
                    raise TimeoutError from None
                self.arrivals.wait(min(left, LONGEST))
            else:
                return

    def close_connection(self, connection: Any) -> None:
        super().close_connection(connection)
        if self.arrivals is not None:
            self.arrivals.close()
            self.arrivals = None


TRANSPORT_ALIASES[NAME] = "config.doorbell:Transport"
