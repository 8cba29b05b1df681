"""Report errors to the collector that FINALCHECK_SENTRY_DSN names, in the protocol of Sentry. Imported only if it is set.

A report says where the program failed, and holds nothing that people typed or that tells who they are: the texts of
exceptions and log entries, local variables and requests are left out. The log has them, under the same request id.
"""

import logging
from collections.abc import Mapping
from typing import Any

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration
from sentry_sdk.types import Event, Hint

from config.logs import database_errors, request_of
from config.requests import view_named
from foundation.version import finalcheck_version

LAST_WAIT = 2.0  # seconds that an ending program waits for reports that were not sent yet
KEPT = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment", "server_name", "sdk")
KEPT_OF_EXCEPTION = ("type", "module", "thread_id")
KEPT_OF_MECHANISM = ("type", "handled", "exception_id", "parent_id", "is_exception_group", "source")
KEPT_OF_FRAME = ("filename", "module", "function", "lineno", "in_app", "pre_context", "context_line", "post_context")


def report_errors(dsn: str, program: str) -> None:
    """Report each exception that is logged as an error, or that nothing catches. A thread beside the others sends it.

    If the collector does not answer, at most 100 reports wait for it, and further ones are dropped.
    """
    sentry_sdk.init(
        dsn=dsn,
        release=f"finalcheck@{'+'.join(filter(None, finalcheck_version()))}",
        default_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR, sentry_logs_level=None),
            ThreadingIntegration(propagate_scope=False),
            ExcepthookIntegration(),
            AtexitIntegration(callback=lambda *_: None),
        ],
        auto_enabling_integrations=False,
        include_local_variables=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        auto_session_tracking=False,
        send_client_reports=False,
        enable_backpressure_handling=False,
        shutdown_timeout=LAST_WAIT,
        before_send=lambda event, hint: cleared_report(event, hint, program),
    )


def cleared_report(event: Event, hint: Hint, program: str) -> Event | None:
    """Return what of an event may be sent, or None if the event is not an error of a program.

    An unavailable database is not one: every request then fails in the same way, and /readyz says so.
    """
    error = (hint.get("exc_info") or (None, None))[1]
    if "exception" not in event or database_errors(error):
        return None
    report = {name: event[name] for name in KEPT if name in event}
    report["exception"] = {"values": [cleared_exception(exception) for exception in event["exception"]["values"]]}
    report["tags"] = {"program": program}
    record = hint.get("log_record")
    if isinstance(record, logging.LogRecord):
        if request_id := request_of(record):
            report["tags"]["request"] = request_id
        if request := getattr(record, "request", None):
            report["transaction"] = view_named(request)
    return report


def cleared_exception(exception: Mapping[str, Any]) -> dict[str, Any]:
    """Return the type of an exception and the lines of code that it passed, without its text, which may quote an answer."""
    kept = {name: exception[name] for name in KEPT_OF_EXCEPTION if name in exception}
    mechanism = exception.get("mechanism") or {}
    kept["mechanism"] = {name: mechanism[name] for name in KEPT_OF_MECHANISM if name in mechanism}
    frames = (exception.get("stacktrace") or {}).get("frames", ())
    kept["stacktrace"] = {
        "frames": [{name: frame[name] for name in KEPT_OF_FRAME if name in frame} for frame in frames]
    }
    return kept
