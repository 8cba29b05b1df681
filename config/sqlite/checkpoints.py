"""Copy SQLite's write-ahead log into the database beside the requests.

SQLite would do it in the commit that brings the log to 1,000 pages. That commit takes many times as long as others, and
so do the writers behind it in the queue.
"""

import logging
import threading
from typing import TYPE_CHECKING

from django.db import Error, connections

from foundation.fast.pieces import ON

if TYPE_CHECKING:
    from config.sqlite.base import DatabaseWrapper

PAUSE = 1.0  # seconds
LEAST_TURNS = 250  # of writers, from one copy to the next; the first commit after a copy waits for the disk twice
MOST_PAGES = 16_000  # 64 MB; a commit that finds a longer log copies it, in case this thread does not keep up
COPY = "PRAGMA wal_checkpoint(PASSIVE)"  # waits for nobody

log = logging.getLogger(__name__)


def checkpoint_aside() -> None:
    """Let a thread of this process copy the log from now on, and commits do it no more. Do nothing on PostgreSQL.

    The turns of the writers tell how much was written, so without them the commits go on copying.
    """
    database = connections.settings["default"]
    if database["ENGINE"] != "config.sqlite" or not ON.log_copies or not ON.writer_turns:
        return
    database["OPTIONS"]["init_command"] += f" PRAGMA wal_autocheckpoint={MOST_PAGES};"
    threading.Thread(target=copy_until, args=(threading.Event(),), name="checkpoints", daemon=True).start()


def copy_until(stop: threading.Event) -> None:
    """Until `stop` is set, copy the log whenever this process has written often enough since the last whole copy."""
    connection = connections["default"]
    copied, has_failed = connection.writers.turns, False
    while not stop.wait(PAUSE):
        if connection.writers.turns - copied < LEAST_TURNS:
            continue
        try:
            if copy_log(connection):
                copied = connection.writers.turns
            has_failed = False
        except Error:
            if not has_failed:
                log.warning("the write-ahead log could not be copied; it is tried again every second", exc_info=True)
            has_failed = True
            connection.close()


def copy_log(connection: "DatabaseWrapper") -> bool:
    """Copy nearly all of the log while others write, and the rest while no thread of this process does.

    The second time is for what was written during the first, which may take long on a slow disk. Return whether the
    whole log was copied: then the next writer starts it again, and it does not grow. SQLite leaves a part if another
    process is copying the log, or if a reader needs an older state of the database.
    """
    with connection.cursor() as cursor:
        cursor.execute(COPY)
        cursor.execute(COPY)
        is_busy, _, _ = cursor.fetchone()
        if is_busy:
            return False
        with connection.in_turn():
            cursor.execute(COPY)
            is_busy, pages, copied = cursor.fetchone()
    return not is_busy and pages == copied
