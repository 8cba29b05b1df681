"""A file-based queue that wakes its worker: kombu's filesystem transport without polling and without half files.

Messages are stored where and as kombu's own transport stores them. Two things differ: how the worker waits, and that
nobody sees a file before its content is written. In kombu's own transport, a worker that looks in that moment reads an
empty message and ends.
"""

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

from labs.arrivals import Arrivals

NAME = "file-queue"
LONGEST = 1.0  # seconds after which to look in any case
PAUSE = 0.02  # seconds between looks if the kernel offers no watch


class Channel(filesystem.Channel):
    """Files appear whole: a message by its renaming, and the table of queues because a lock covers writing and reading."""

    def _put(self, queue: str, payload: object, **options: object) -> None:
        folder, name = Path(self.data_folder_out), f"{round(monotonic() * 1000)}_{uuid.uuid4()}"
        try:
            partly = folder / f"{name}.partly"
            partly.write_text(dumps(payload))
            partly.rename(folder / f"{name}.{queue}.msg")
        except OSError as error:
            raise ChannelError(f"Cannot add a message to {folder}") from error

    def get_table(self, exchange: str) -> list[Any]:
        with self._locked():
            return super().get_table(exchange)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        table = self._exchange_file(exchange)
        with self._locked():
            if table.exists() and not table.stat().st_size:  # left by a process that was killed before it wrote
                table.unlink()
            super()._queue_bind(exchange, routing_key, pattern, queue)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = os.open(self.control_folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


class Transport(filesystem.Transport):
    """Only the worker's consumer waits, so one waiter at a time is enough."""

    Channel = Channel
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


TRANSPORT_ALIASES[NAME] = "config.file_queue:Transport"
