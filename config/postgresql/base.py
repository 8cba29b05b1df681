"""Django's PostgreSQL backend, with less work for each request.

Each thread keeps its connection, and prepared queries (`foundation.fast.prepared`) are also prepared at the server.
"""

from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Return whether the connection works.

        Django asks this before the first query of each request. A server that went away has closed its side, which
        makes the socket readable. So a query is run only if the server sent something since the last one.
        """
        is_open = self.connection is not None and not self.connection.closed
        return (is_open and is_quiet(self.connection.fileno())) or super().is_usable()

    def prepared_cursor(self) -> Any:
        """Return a cursor whose statements the server parses and plans once per connection."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(base.ServerBindingCursor(self.connection))


def is_quiet(descriptor: int) -> bool:
    """Return whether nothing waits to be read, not even the other side's end."""
    watch = poll()
    watch.register(descriptor, POLLIN)
    return not watch.poll(0)
