"""Errors are reported to the collector of FINALCHECK_SENTRY_DSN, without anything that people typed or that names them."""

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
import sentry_sdk
from django.db import OperationalError
from django.test import Client

from config.environment import ROOT
from config.reporting import cleared_report, report_errors
from config.up.programs import COUNTING, counting, program_here
from portal.pages.views import offline
from tests.collector import Collector

ANSWER = "the-answer-of-ada@example.org"
ADDRESS = "192.0.2.7"
IMPORTED = """
import sys, django
django.setup()
import config.asgi, config.urls
unused = {"sentry_sdk", "config.reporting", "opentelemetry.sdk", "config.tracing", "redis.client", "reportlab"}
unused |= {"requests", "jinja2", "psycopg", "PIL.ImageMode"}
print(unused & set(sys.modules))
"""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as found:
        report_errors(f"http://key@{found.place}/1", "web")
        yield found
        found.answers.set()
        sentry_sdk.get_client().close()
        sentry_sdk.get_global_scope().set_client(None)


def fail(answer: str) -> None:
    typed = answer
    raise ValueError(f"{typed} is not a number")


def sent(collector: Collector) -> dict:
    """Return the only report, and that it holds nothing of what was typed."""
    sentry_sdk.flush(timeout=60)
    (report,) = collector.errors()
    assert ANSWER not in str(collector.received)
    return report


def test_a_page_that_fails_is_reported_with_its_view_and_the_id_of_its_request(collector, monkeypatch):
    monkeypatch.setattr(offline, "render", lambda *_, **__: fail(ANSWER))
    client = Client(raise_request_exception=False, headers={"cookie": f"zone={ANSWER}"}, REMOTE_ADDR=ADDRESS)
    answer = client.get("/service-worker.js", {"words": ANSWER})
    assert answer.status_code == 500
    report = sent(collector)
    assert report["tags"] == {"program": "web", "request": answer["X-Request-ID"]}
    assert (report["transaction"], report["logger"]) == ("service_worker", "django.request")
    (exception,) = report["exception"]["values"]
    assert exception["type"] == "ValueError"
    assert exception["stacktrace"]["frames"][-1]["function"] == "fail"
    assert set(report) & {"request", "user", "breadcrumbs", "extra", "logentry", "contexts"} == set()
    assert ADDRESS not in str(collector.received)


def test_what_ends_a_thread_is_reported(collector, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    thread = threading.Thread(target=fail, args=(ANSWER,))
    thread.start()
    thread.join()
    assert sent(collector)["exception"]["values"][0]["mechanism"] == {"type": "threading", "handled": False}


def test_a_failed_task_is_reported_without_its_arguments(collector):
    try:
        fail(ANSWER)
    except ValueError as error:
        said = {"name": "labs.run_queued", "args": ANSWER, "exc": repr(error)}
        logging.getLogger("celery.app.trace").error(
            "Task %(name)s raised: %(exc)s", said, exc_info=True, extra={"data": said}
        )
    assert sent(collector)["logger"] == "celery.app.trace"


LOST = OperationalError("the connection is lost")


@pytest.mark.parametrize("error", [None, LOST, ExceptionGroup("two steps", [LOST, ExceptionGroup("one row", [LOST])])])
def test_a_line_without_an_exception_and_a_database_that_is_down_are_not_reported(collector, error):
    logging.getLogger("django.request").error("Service Unavailable", exc_info=error)
    sentry_sdk.flush(timeout=60)
    assert collector.received == []


def test_a_collector_that_never_answers_holds_up_no_page(collector, monkeypatch):
    """Far more pages fail than reports may wait. Each page is answered before the collector answers anything."""
    collector.answers.clear()
    monkeypatch.setattr(offline, "render", lambda *_, **__: fail(ANSWER))
    client = Client(raise_request_exception=False)
    assert {client.get("/service-worker.js").status_code for _ in range(150)} == {500}
    assert len(collector.received) <= 1


def test_nothing_else_of_an_event_is_sent():
    frame = {"filename": "a.py", "lineno": 3, "vars": {"answer": ANSWER}, "context_line": "raise"}
    values = [{"type": "ValueError", "value": ANSWER, "stacktrace": {"frames": [frame]}, "mechanism": {"data": ANSWER}}]
    event = {"level": "error", "message": ANSWER, "user": {"ip_address": ADDRESS}, "exception": {"values": values}}
    frames = [{"filename": "a.py", "lineno": 3, "context_line": "raise"}]
    assert cleared_report(event, {}, "worker") == {
        "level": "error",
        "exception": {"values": [{"type": "ValueError", "mechanism": {}, "stacktrace": {"frames": frames}}]},
        "tags": {"program": "worker"},
    }


def test_web_worker_and_sweeper_know_who_they_are_and_commands_report_nothing():
    assert [program_here(counting({}, name)) for name in COUNTING] == list(COUNTING)
    assert program_here({}) == ""


def test_nothing_is_imported_unless_it_is_set():
    done = subprocess.run((sys.executable, "-c", IMPORTED), cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
