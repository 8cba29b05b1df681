"""A run as it happens: server-sent events, taken up again where the way broke."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from finalcheck.transport import LOST, Transport

MOST_BREAKS = 5


@dataclass(frozen=True)
class Event:
    """`kind` is started, session, cell, frame, tested or finished; `id` is where to go on from."""

    kind: str
    data: dict[str, Any]
    id: str = ""

    @property
    def text(self) -> str:
        """What a frame shows as text."""
        return str(self.data.get("data", {}).get("text/plain", ""))


def follow(transport: Transport, run_id: str) -> Iterator[Event]:
    """The run's events, the last of them `finished`. After `started` what came before is void.

    Raises Problem, or OSError where the way breaks time and again and nothing comes.
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
            pass  # as an end without `finished` is
        breaks += 1
        time.sleep(breaks)
    raise ConnectionError(f"the events of run {run_id} broke off {breaks} times")


def events_in(lines: Iterable[bytes]) -> Iterator[Event]:
    """Each block of `field: value` lines up to an empty one; comments begin with a colon."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name and value:
            fields[name] = value
        elif not name and "event" in fields:
            yield Event(fields["event"], json.loads(fields.get("data", "{}")), fields.get("id", ""))
            fields = {}
