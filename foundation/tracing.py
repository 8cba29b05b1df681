"""Spans of a trace, at the borders between the programs. Where FINALCHECK_OTLP_ENDPOINT is not set, they do nothing.

The facts of a span name no person, and quote nothing that somebody typed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Literal

from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN, Span, SpanKind, StatusCode, Tracer, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TRACE = "traceparent"  # the header of the W3C
MOST_PARTS, LONGEST_NAME = 20, 60  # of what a runner reports, which is not believed blindly

type SpanAttributes = Mapping[str, str | int]
type Parts = Iterable[Mapping[str, str | float]]
type TracerOf = Callable[[str], Tracer]

propagator = TraceContextTextMapPropagator()
_tracer_of: TracerOf | None = None
_program = ""


def trace_with(tracer_of: TracerOf | None, program: str = "") -> None:
    """From now on, make the spans of this process with the tracer of `program`; with None, make none."""
    global _tracer_of, _program
    _tracer_of, _program = tracer_of, program


def is_tracing() -> bool:
    return _tracer_of is not None


@contextmanager
def span(
    name: str, *, kind: Literal["server", "consumer", "client"], parent: str | None = None, attributes: SpanAttributes
) -> Iterator[Span]:
    """Trace what happens inside of `with`, as a part of the work that goes on here.

    With `parent`, a traceparent of the W3C, it is a part of that work instead, and with "" it begins a trace. The text of
    an exception is left out, because it may quote an answer.
    """
    if _tracer_of is None:
        yield INVALID_SPAN
        return
    outer = None if parent is None else propagator.extract({TRACE: parent}, Context())
    with _tracer_of(_program).start_as_current_span(
        name, outer, SpanKind[kind.upper()], attributes, record_exception=False, set_status_on_exception=False
    ) as here:
        try:
            yield here
        except Exception as error:
            here.set_attribute("error.type", type(error).__name__)
            here.set_status(StatusCode.ERROR)
            raise


def trace_here() -> str:
    """Return the traceparent of the work that goes on here, for another program; "" if it is not traced."""
    carrier: dict[str, str] = {}
    propagator.inject(carrier)
    return carrier.get(TRACE, "")


def add_parts(around: Span, program: str, parts: Parts) -> None:
    """Add what another program did for the work of a span: {name, begin, end}, in seconds since that work began."""
    start = getattr(around, "start_time", None)  # only a span that is recorded has one
    if start is None or _tracer_of is None:
        return
    context = set_span_in_context(around, Context())
    try:
        for part in islice(parts, MOST_PARTS):
            name, *ends = str(part["name"])[:LONGEST_NAME], float(part["begin"]), float(part["end"])
            begin, end = (start + int(seconds * 1_000_000_000) for seconds in ends)
            _tracer_of(program).start_span(name, context, start_time=begin).end(end)
    except (TypeError, ValueError, KeyError, OverflowError):
        around.set_attribute("finalcheck.parts", "malformed")
