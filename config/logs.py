"""How the programs log: one line for each record, as text or as JSON, with the id of the request and without secrets."""

import json
import logging
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime

from django.db import InterfaceError, OperationalError

from config.scrubbing import scrub_here, scrub_values

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


class WithoutKnownTracebacks(logging.Filter):
    """Log one line without a traceback while the database is unavailable, because every request then fails in the same way."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, OperationalError | InterfaceError):
            record.msg, record.args = "%s: %s", (record.getMessage(), str(error).strip().replace("\n", " "))
            record.exc_info = None
        return True


def request_of(record: logging.LogRecord) -> str:
    """Return the id of the request that a record is about, or ""."""
    return REQUEST_ID.get() or getattr(getattr(record, "request", None), "id", "")


class TextLines(logging.Formatter):
    """One line for people. A traceback follows on separate lines."""

    def format(self, record: logging.LogRecord) -> str:
        text, request = super().format(record), request_of(record)
        return scrub_here()(f"{text} [{request}]" if request and "\n" not in text else text)


class JsonLines(logging.Formatter):
    """One JSON object for each record: at, level, logger, message, and request, error or facts where there are some."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := request_of(record):
            entry["request"] = request
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        facts = getattr(record, "facts", None)  # of the access log and of security events
        if isinstance(facts, Mapping):
            entry |= facts
        return json.dumps(scrub_values(entry, scrub_here()), ensure_ascii=False, default=str)
