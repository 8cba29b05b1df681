"""What clients sent and what was acknowledged, on the disk before a client goes on. One line of JSON for each event.

A request has a number. Its lines are `sent` once, `failed` for each try that brought nothing or an error of ours, and
`answered` once.
"""

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any


class Journal:
    """Appends lines, and waits for the disk. Lines that are written while the disk is busy are flushed together."""

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        self.turn = asyncio.Lock()
        self.written = self.safe = 0
        self.numbers = count(1)
        self.saves = 0  # that were acknowledged

    async def write(self, **event: object) -> None:
        os.write(self.file, f"{json.dumps(event)}\n".encode())
        self.written += 1
        mine = self.written
        async with self.turn:
            if self.safe < mine:
                upto = self.written
                await asyncio.to_thread(os.fdatasync, self.file)
                self.safe = upto

    def close(self) -> None:
        os.close(self.file)


@dataclass
class Exchange:
    """A request and its answer. `failures` tries came before it; without an answer, `status` is 0.

    `undocumented` are the sentences about answers that the schema of the API does not declare.
    """

    number: int
    who: str
    method: str
    path: str
    body: Any
    key: str
    failures: int = 0
    status: int = 0
    answer: Any = None
    undocumented: list[str] = field(default_factory=list)

    @property
    def code(self) -> str:
        """Return the code of a refusal, or ""."""
        return self.answer.get("code", "") if self.status >= 400 else ""


def exchanges(path: Path) -> list[Exchange]:
    """Return what a journal holds, in the order of sending."""
    found: dict[int, Exchange] = {}
    for event in events(path):
        number = event["number"]
        if event["event"] == "sent":
            names = ("who", "method", "path", "body", "key")
            found[number] = Exchange(number, **{name: event[name] for name in names})
            continue
        found[number].undocumented += event["undocumented"]
        if event["event"] == "failed":
            found[number].failures += 1
        else:
            found[number].status, found[number].answer = event["status"], event["answer"]
    return list(found.values())


def events(path: Path) -> Iterator[dict[str, Any]]:
    with path.open() as lines:
        yield from map(json.loads, lines)
