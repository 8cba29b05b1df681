"""Django's SQLite backend with the writers of one process in a queue.

Threads that meet at SQLite's file lock sleep and retry, some for half a second; here they wait for a mutex
first, so that only one of a process stands at the file lock at a time.
"""

import threading
from collections import defaultdict

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

QUEUES: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


class DatabaseWrapper(base.DatabaseWrapper):
    _queue: threading.Lock | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._enter_queue()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave_queue()
            raise

    def _enter_queue(self) -> None:
        queue = QUEUES[str(self.settings_dict["NAME"])]
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
