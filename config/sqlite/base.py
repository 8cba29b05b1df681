"""Django's SQLite backend with a queue for the writers of one process.

Threads that wait for SQLite's file lock sleep and retry, some for half a second. Here they first wait for a mutex, in the
order in which they came, so that only one thread per process waits for the file lock.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from config.sqlite.turns import FairLock
from foundation.fast.pieces import ON

QUEUES: dict[str, FairLock] = {}
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class DatabaseWrapper(base.DatabaseWrapper):
    """A transaction holds the mutex from its BEGIN IMMEDIATE to its end, and a statement outside a transaction while it runs."""

    _queue: FairLock | None = None

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        self.execute_wrappers.append(self._execute_in_turn)

    def get_new_connection(self, conn_params: dict[str, object]) -> object:
        """Create a new database for this user only; SQLite gives its companion files the same mode."""
        name = str(conn_params["database"])
        if not name.startswith(("file:", ":memory:")):
            with suppress(OSError):  # the file exists, or SQLite will report why it cannot be created
                os.close(os.open(name, os.O_CREAT | os.O_EXCL, 0o600))
        return super().get_new_connection(conn_params)

    def _execute_in_turn(self, execute: Callable[..., object], sql: str, *rest: object) -> object:
        """Let a statement that writes outside a transaction wait in the queue as well."""
        if self._queue is not None or not sql.startswith(WRITES):
            return execute(sql, *rest)
        with self.in_turn():
            return execute(sql, *rest)

    @contextmanager
    def in_turn(self) -> Iterator[None]:
        """Keep the other threads of this process from writing."""
        self._enter_queue()
        try:
            yield
        finally:
            self._leave_queue()

    def _start_transaction_under_autocommit(self) -> None:
        self._enter_queue()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave_queue()
            raise

    @property
    def writers(self) -> FairLock:
        """Return the queue of this process's writers in the database."""
        return QUEUES.setdefault(str(self.settings_dict["NAME"]), FairLock())

    def _enter_queue(self) -> None:
        if not ON.writer_turns:
            return
        queue = self.writers
        if not queue.acquire(timeout=self.settings_dict["OPTIONS"].get("timeout", 15)):
            raise OperationalError("database is locked: the queue of writers did not move")
        self._queue = queue

    def _leave_queue(self) -> None:
        if self._queue is not None:
            queue, self._queue = self._queue, None
            queue.release()

    def _commit(self) -> None:
        super()._commit()
        self._leave_queue()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._leave_queue()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._leave_queue()
