"""A file-based queue that wakes its worker: kombu's filesystem transport without polling.

Messages are stored where and as kombu's own transport stores them; only the waiting differs.
"""

from pathlib import Path
from queue import Empty
from time import monotonic

from kombu.transport import TRANSPORT_ALIASES, filesystem

from labs.arrivals import Arrivals

NAME = "doorbell"
LONGEST = 1.0  # seconds after which to look in any case
PAUSE = 0.02  # seconds between looks if the kernel offers no watch


class Transport(filesystem.Transport):
    """Only the worker's consumer waits, so one waiter at a time is enough."""

    arrivals: Arrivals | None = None

    def drain_events(self, connection: object, timeout: float | None = None) -> None:
        """Deliver the next message as soon as there is one. Raises TimeoutError after `timeout` seconds without a message."""
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

    def close_connection(self, connection: object) -> None:
        super().close_connection(connection)
        if self.arrivals is not None:
            self.arrivals.close()
            self.arrivals = None


TRANSPORT_ALIASES[NAME] = "config.doorbell:Transport"
