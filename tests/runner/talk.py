"""Send code to a runner, and collect its events."""

import itertools
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from labs.runner.protocol import Client, RunLimits, SourceCell

COUNT = itertools.count(1)


@dataclass
class Told:
    """All events of one run."""

    events: list[dict] = field(default_factory=list)

    @property
    def end(self) -> dict:
        return self.events[-1]

    @property
    def verdict(self) -> str:
        return self.end["verdict"]

    @property
    def frames(self) -> list[dict]:
        return [event for event in self.events if event["event"] == "frame"]

    @property
    def text(self) -> str:
        return "".join(frame["data"].get("text/plain", "") for frame in self.frames)


def new_id() -> str:
    return f"{next(COUNT)}-{secrets.token_hex(4)}"


def told(events: Iterable[dict]) -> Told:
    return Told(list(events))


def run_code(client: Client, *sources: str, runtime: str = "tf2", **limits: int) -> Told:
    """Run the sources as cells "1", "2", … in a fresh process."""
    return told(client.run(new_id(), cells_of(*sources), runtime=runtime, limits=RunLimits(**limits)))


def cells_of(*sources: str) -> list[SourceCell]:
    return [SourceCell(str(at), source) for at, source in enumerate(sources, 1)]


def open_session(client: Client, *, owner: str | None = None, **limits: int) -> str:
    session = new_id()
    client.open(session, owner or new_id(), limits=RunLimits(**limits))
    return session


def run_in(client: Client, session: str, *sources: str) -> Told:
    return told(client.cell(new_id(), session, cells_of(*sources)))
