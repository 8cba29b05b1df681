"""How the programs log: one line for each record, as text or as JSON, with the id of the request and without secrets."""

import json
import logging
import re
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError

from config.scrubbing import scrub_here, scrub_values

CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


class WithoutKnownTracebacks(logging.Filter):
    """Log one line without a traceback while the database is unavailable, because every request then fails in the same way."""

    def filter(self, record: logging.LogRecord) -> bool:
        if errors := database_errors(record.exc_info[1] if record.exc_info else None):
            reasons = "; ".join(str(error).strip().replace("\n", " ") for error in errors)
            record.msg, record.args = "%s: %s", (record.getMessage(), reasons)
            record.exc_info = None
        return True


class RefusalsAsInformation(logging.Filter):
    """Log an ordinary conflict, such as an answer from a second tab, as information: nobody has to act on it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", None) == HTTPStatus.CONFLICT:
            record.levelno, record.levelname = logging.INFO, "INFO"
        return True


def database_errors(error: BaseException | None) -> list[BaseException]:
    """Return the errors of an unavailable database: this one, or all of a group that holds no others."""
    if isinstance(error, BaseExceptionGroup):
        errors = [database_errors(part) for part in error.exceptions]
        return [part for some in errors for part in some] if all(errors) else []
    return [error] if isinstance(error, OperationalError | InterfaceError) else []


def request_of(record: logging.LogRecord) -> str:
    """Return the id of the request that a record is about, or ""."""
    return REQUEST_ID.get() or getattr(getattr(record, "request", None), "id", "")


class TextLines(logging.Formatter):
    """One line for people, with control characters escaped. A traceback follows on indented lines.

    So nothing that somebody sent can look like another entry, or change what a terminal shows.
    """

    def format(self, record: logging.LogRecord) -> str:
        return scrub_here()(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        line, request = super().formatMessage(record), request_of(record)
        return without_controls(f"{line} [{request}]" if request else line)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - as above
        return "\n".join(f"    {without_controls(line)}" for line in super().formatException(ei).split("\n"))


def without_controls(text: str) -> str:
    """Return the text with control characters, ends of lines and changes of direction as escapes such as \\x1b."""
    return CONTROLS.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


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
        fields = getattr(record, "facts", None)  # of the access log and of security events
        if isinstance(fields, Mapping):
            entry |= fields
        return json.dumps(scrub_values(entry, scrub_here()), ensure_ascii=False, default=str)
