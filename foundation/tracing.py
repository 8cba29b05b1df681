"""Spans of a trace, at the borders between the programs. Where FINALCHECK_OTLP_ENDPOINT is not set, they do nothing."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Protocol

type SpanKind = Literal["server", "consumer", "client"]
type SpanFacts = Mapping[str, str | int]
type Parts = Iterable[Mapping[str, str | float]]


class Span(Protocol):
    """A piece of work that goes on. Its facts name no person, and quote nothing that somebody typed."""

    def name(self, name: str) -> None:
        """Name the work, if its name is known only at its end."""

    def add(self, facts: SpanFacts) -> None:
        """Add facts that are known only at the end of the work."""

    def fail(self) -> None:
        """Mark the work as failed. An exception does so too."""

    def add_parts(self, program: str, parts: Parts) -> None:
        """Add what another program did for this work: {name, begin, end}, in seconds since this work began."""


class Tracing(Protocol):
    """What makes the spans: nothing, or OpenTelemetry."""

    is_on: bool

    def span(self, name: str, kind: SpanKind, parent: str | None, facts: SpanFacts) -> AbstractContextManager[Span]: ...

    def here(self) -> str: ...


class NoSpan:
    def name(self, name: str) -> None: ...

    def add(self, facts: SpanFacts) -> None: ...

    def fail(self) -> None: ...

    def add_parts(self, program: str, parts: Parts) -> None: ...


class NoTracing:
    is_on = False
    nothing = NoSpan()

    def span(self, name: str, kind: SpanKind, parent: str | None, facts: SpanFacts) -> AbstractContextManager[Span]:
        return nullcontext(self.nothing)

    def here(self) -> str:
        return ""


_tracing: Tracing = NoTracing()


def trace_with(tracing: Tracing) -> None:
    """Make the spans of this process with `tracing` from now on."""
    global _tracing  # noqa: PLW0603 - one for each process
    _tracing = tracing


def is_tracing() -> bool:
    return _tracing.is_on


def span(name: str, *, kind: SpanKind, parent: str | None = None, facts: SpanFacts) -> AbstractContextManager[Span]:
    """Trace what happens inside of `with`, as a part of the work that goes on here.

    With `parent`, a traceparent of the W3C, it is a part of that work instead, and with "" it begins a trace.
    """
    return _tracing.span(name, kind, parent, facts)


def trace_here() -> str:
    """Return the traceparent of the work that goes on here, for another program; "" if it is not traced."""
    return _tracing.here()
