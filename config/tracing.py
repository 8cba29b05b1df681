"""Send spans to the collector of OpenTelemetry that FINALCHECK_OTLP_ENDPOINT names. Imported only if it is set.

The spans are our own, at the borders between the programs: those of the instrumentation packages hold addresses of pages,
which may name people or contain keys.
"""

import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import islice

from celery import Task
from celery.signals import before_task_publish, task_postrun, task_prerun
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from foundation.tracing import Parts, SpanFacts, SpanKind, span, trace_here, trace_with

PATIENCE = 2  # seconds for the collector to answer; an ending program waits for it at most as often as batches wait
MOST_WAITING = 1024  # spans, in two batches
MOST_PARTS, LONGEST_NAME = 20, 60  # of what a runner reports, which is not believed blindly
KINDS = {
    "server": trace.SpanKind.SERVER,
    "consumer": trace.SpanKind.CONSUMER,
    "client": trace.SpanKind.CLIENT,
}
TRACE = "traceparent"  # the header of the W3C
propagator = TraceContextTextMapPropagator()


def trace_program(endpoint: str, program: str) -> None:
    """Send the spans of this process. A thread beside the others does so, and drops spans if the collector is too slow."""
    logging.getLogger("opentelemetry").setLevel(logging.ERROR)
    exporter = OTLPSpanExporter(f"{endpoint}/v1/traces", timeout=PATIENCE)
    trace_with(Telemetry(BatchSpanProcessor(exporter, max_queue_size=MOST_WAITING), program))
    for signal, receiver in RECEIVERS:
        signal.connect(receiver)


class Telemetry:
    """The spans of this process, and those of a runner, which has no way to the network."""

    is_on = True

    def __init__(self, processor: SpanProcessor, program: str) -> None:
        self.tracer_of = cache(lambda name: tracer(processor, name))
        self.program = program

    @contextmanager
    def span(self, name: str, kind: SpanKind, parent: str | None, facts: SpanFacts) -> Iterator["OpenSpan"]:
        """Leave out the text of an exception, because it may quote an answer."""
        found = None if parent is None else propagator.extract({TRACE: parent}, Context())
        quiet = {"record_exception": False, "set_status_on_exception": False}
        start = self.tracer_of(self.program).start_as_current_span
        with start(name, found, KINDS[kind], attributes=dict(facts), **quiet) as inner:
            here = OpenSpan(self, inner)
            try:
                yield here
            except Exception as error:
                here.add({"error.type": type(error).__name__})
                here.fail()
                raise

    def here(self) -> str:
        carrier: dict[str, str] = {}
        propagator.inject(carrier)
        return carrier.get(TRACE, "")


def tracer(processor: SpanProcessor, program: str) -> trace.Tracer:
    facts = {"service.name": f"finalcheck-{program}", "host.name": socket.gethostname()}
    provider = TracerProvider(resource=Resource.create(facts))
    provider.add_span_processor(processor)
    return provider.get_tracer("finalcheck")


class OpenSpan:
    def __init__(self, telemetry: Telemetry, inner: Span) -> None:
        self.telemetry, self.inner = telemetry, inner

    def name(self, name: str) -> None:
        self.inner.update_name(name)

    def add(self, facts: SpanFacts) -> None:
        self.inner.set_attributes(dict(facts))

    def fail(self) -> None:
        self.inner.set_status(trace.StatusCode.ERROR)

    def add_parts(self, program: str, parts: Parts) -> None:
        if not self.inner.is_recording():
            return
        around = trace.set_span_in_context(self.inner, Context())
        try:
            for part in islice(parts, MOST_PARTS):
                name, *ends = str(part["name"])[:LONGEST_NAME], float(part["begin"]), float(part["end"])
                begin, end = (self.inner.start_time + int(each * 1_000_000_000) for each in ends)
                self.telemetry.tracer_of(program).start_span(name, around, start_time=begin).end(end)
        except (TypeError, ValueError, KeyError, OverflowError):
            self.add({"finalcheck.parts": "malformed"})


tasks: dict[str, ExitStack] = {}  # the open spans, by the task's id


def send_trace(headers: dict[str, object], **_: object) -> None:
    """Tell the worker to which trace a task belongs."""
    if here := trace_here():
        headers[TRACE] = here


def begin_task(task_id: str, task: Task, **_: object) -> None:
    """Begin a span if the message names a trace. The sweeper's does not: it wakes workers when there may be nothing to do."""
    if parent := task.request.get(TRACE):
        tasks[task_id] = ExitStack()
        tasks[task_id].enter_context(span(task.name, kind="consumer", parent=parent, facts={}))


def end_task(task_id: str, **_: object) -> None:
    if task_id in tasks:
        tasks.pop(task_id).close()


RECEIVERS = ((before_task_publish, send_trace), (task_prerun, begin_task), (task_postrun, end_task))
