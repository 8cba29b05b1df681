"""Copy SQLite's write-ahead log into the database beside the requests.

SQLite would do it in the commit that brings the log to 1,000 pages. That commit takes many times as long as others, and
so do the writers behind it in the queue.
"""

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import DatabaseError, connections

if TYPE_CHECKING:
    from config.sqlite.base import DatabaseWrapper

PAUSE = 1.0  # seconds
MOST_PAGES = 16_000  # 64 MB; if this thread does not keep up, the commit that brings the log to this length copies it
COPY = "PRAGMA wal_checkpoint(PASSIVE)"  # waits for nobody

log = logging.getLogger(__name__)


def checkpoint_aside() -> None:
    """Let a thread of this process copy the log from now on, and commits do it no more. Do nothing on PostgreSQL."""
    facts = connections.settings["default"]
    if facts["ENGINE"] != "config.sqlite":
        return
    facts["OPTIONS"]["init_command"] += f" PRAGMA wal_autocheckpoint={MOST_PAGES};"
    threading.Thread(target=copy_until, args=(threading.Event(),), name="checkpoints", daemon=True).start()


def copy_until(stop: threading.Event) -> None:
    """Until `stop` is set, copy the log whenever it was written to."""
    connection, copied = connections["default"], 0
    name = Path(f"{connection.settings_dict['NAME']}-wal")
    while not stop.wait(PAUSE):
        try:
            if (written := name.stat().st_mtime_ns) != copied:
                copy_log(connection)
                copied = written
        except FileNotFoundError:
            continue  # nobody has opened the database yet
        except DatabaseError:
            log.warning("the write-ahead log could not be copied; it is tried again in %.0f s", PAUSE, exc_info=True)
            connection.close()


def copy_log(connection: "DatabaseWrapper") -> None:
    """Copy nearly all of the log while others write, and the rest while no thread of this process does.

    The second time is for what was written during the first, which may take long on a slow disk. At the end the whole
    log is copied, so the next writer begins it again and it does not grow.
    """
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute(COPY)
        with connection.in_turn():
            cursor.execute(COPY)
