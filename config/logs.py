"""Leave out repetitions from the log."""

import logging

from django.db import InterfaceError, OperationalError


class WithoutKnownTracebacks(logging.Filter):
    """Log one line without a traceback while the database is unavailable, because every request then fails in the same way."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, OperationalError | InterfaceError):
            record.msg, record.args = "%s: %s", (record.getMessage(), str(error).strip().replace("\n", " "))
            record.exc_info = None
        return True
