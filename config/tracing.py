"""Send spans to the collector of OpenTelemetry that FINALCHECK_OTLP_ENDPOINT names. Imported only if it is set.

The spans are our own (decision 51): those of the instrumentation packages hold addresses of people and of pages, which may
contain keys, and quote exceptions.
"""

import logging
import socket
from contextlib import ExitStack
from functools import cache

from celery import Task
from celery.signals import before_task_publish, task_postrun, task_prerun
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Tracer

from foundation.tracing import TRACE, TracerOf, span, trace_here, trace_with
from foundation.version import finalcheck_version

PATIENCE = 2  # seconds for the collector to answer; an ending program waits for it at most as often as batches wait
MOST_WAITING = 1024  # spans, in two batches


def trace_program(endpoint: str, program: str) -> None:
    """Send the spans of this process. A thread beside the others does so, and drops spans if the collector is too slow."""
    logging.getLogger("opentelemetry").setLevel(logging.ERROR)
    exporter = OTLPSpanExporter(f"{endpoint}/v1/traces", timeout=PATIENCE)
    trace_with(tracers(BatchSpanProcessor(exporter, max_queue_size=MOST_WAITING)), program)
    for signal, receiver in RECEIVERS:
        signal.connect(receiver)


def tracers(processor: SpanProcessor) -> TracerOf:
    """Return the tracer of each program: of this one, and of the runner, which has no way to the network."""

    @cache
    def tracer_of(program: str) -> Tracer:
        attributes = {
            "service.name": f"finalcheck-{program}",
            "service.version": str(finalcheck_version()),
            "host.name": socket.gethostname(),
        }
        provider = TracerProvider(resource=Resource.create(attributes))
        provider.add_span_processor(processor)
        return provider.get_tracer("finalcheck")

    return tracer_of


tasks: dict[str, ExitStack] = {}  # the open spans, by the task's id


def send_trace(headers: dict[str, object], **_: object) -> None:
    """Tell the worker to which trace a task belongs."""
    if here := trace_here():
        headers[TRACE] = here


def begin_task(task_id: str, task: Task, **_: object) -> None:
    """Begin a span if the message names a trace. The sweeper's does not: it wakes workers when there may be nothing to do."""
    if parent := task.request.get(TRACE):
        tasks[task_id] = ExitStack()
        tasks[task_id].enter_context(span(task.name, kind="consumer", parent=parent, attributes={}))


def end_task(task_id: str, **_: object) -> None:
    if task_id in tasks:
        tasks.pop(task_id).close()


RECEIVERS = ((before_task_publish, send_trace), (task_prerun, begin_task), (task_postrun, end_task))
