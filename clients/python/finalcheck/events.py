"""The events of a run, as server-sent events. A broken stream is resumed where it broke off."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from finalcheck.transport import LOST, Transport

MOST_BREAKS = 5


@dataclass(frozen=True)
class Event:
    """One event. `kind` is queued, started, session, cell, frame, tested or finished; a stream can resume after `id`."""

    kind: str
    data: dict[str, Any]
    id: str = ""

    @property
    def text(self) -> str:
        """Return the text of a frame, or an empty string."""
        return str(self.data.get("data", {}).get("text/plain", ""))


def follow(transport: Transport, run_id: str) -> Iterator[Event]:
    """Yield the events of a run until `finished`. Discard all earlier events when `started` comes again.

    Raises Problem if the server refuses, and OSError if the stream breaks again and again without a new event.
    """
    last, breaks = "", 0
    while breaks <= MOST_BREAKS:
        try:
            with transport.stream(f"/runs/{run_id}/events/", {"Last-Event-ID": last} if last else {}) as lines:
                for event in events_in(lines):
                    last, breaks = event.id or last, 0
                    yield event
                    if event.kind == "finished":
                        return
        except LOST:
            pass  # handled like a stream that ends without `finished`
        breaks += 1
        time.sleep(breaks)
    raise ConnectionError(f"The events of run {run_id} broke off {breaks} times. The run goes on; read it with run().")


def events_in(lines: Iterable[bytes]) -> Iterator[Event]:
    """Parse the lines of a stream. An event is a block of `field: value` lines; a comment begins with a colon."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name and value:
            fields[name] = value
        elif not name and "event" in fields:
            yield Event(fields["event"], json.loads(fields.get("data", "{}")), fields.get("id", ""))
            fields = {}
