"""How anything talks to the lab runner. Standard library only: the one module of the runner that others may import.

A connection to the unix socket carries one request, one line of JSON, and answers with lines of JSON. The last line is
`finished`, `refused`, or the plain answer of a request that runs nothing. Bytes are base64. For example (→ request):

    → {"do": "run", "id": "r1", "runtime": "tf2", "cells": [{"id": "c1", "source": "print(1)"}], "limits": {}}
    {"event": "started", "seq": 1}
    {"event": "cell", "seq": 2, "cell": "c1", "state": "started"}
    {"event": "frame", "seq": 3, "cell": "c1", "data": {"text/plain": "1\\n"}}
    {"event": "cell", "seq": 4, "cell": "c1", "state": "succeeded"}
    {"event": "tested", "seq": 5, "row": {"name": "the slope", "verdict": "passed", …}}          of a request to test
    {"event": "finished", "seq": 6, "verdict": "succeeded", "message": "", "usage": {…}, "files": [], "tests": null, …}

Requests, by `do`:

    status                                               → status: tier, ready, reasons, layers, self_test, capacity
    run    id runtime cells limits [after]                 free code or cells in a fresh process
    open   session owner runtime limits                  → opened; `ended`: sessions of the owner that gave way
    cell   id session cells [after]                        cells in a live session; its state stays
    close  session                                       → closed
    test   id runtime cells limits probes seed [files] [after]   all cells in a fresh process beside `files`: [{name, data}],
                                                           then the tests of `probes` (a path)
    stop   id                                            → stopping: true if there was something to stop
    files  of (a run or session) op: list | get name offset length | put name data | remove name
                                                         → files | file | stored | removed

Sending the same `id` again attaches to that run, whatever became of the first connection: events from `after` on are sent
again, and nothing runs twice. A finished run is remembered for a few minutes. A client that goes away stops nothing.

Verdicts: succeeded failed timed_out out_of_memory output_limit disk_limit stopped broken. `failed` means that the code
raised or ended its own process; failing tests are `succeeded` with rows in `tests`. `broken` is ours: try again later.

Frames hold text/plain, text/html, text/latex, text/markdown, image/png and image/jpeg (base64), and
application/vnd.finalcheck.*+json. All of it comes from a learner's process: text/html must be sanitised and framed.
"""

import base64
import json
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

VERDICTS = (
    "succeeded",
    "failed",
    "timed_out",
    "out_of_memory",
    "output_limit",
    "disk_limit",
    "stopped",
    "broken",
)
MEBIBYTE = 1 << 20
UPLOAD_BYTES = 5 * MEBIBYTE
CHUNK_BYTES = 4 * MEBIBYTE
LINE_BYTES = 32 * MEBIBYTE


@dataclass(frozen=True)
class Cell:
    """A piece of code with the id its outputs carry."""

    id: str
    source: str


@dataclass(frozen=True)
class Limits:
    """What one run may use. Wall and CPU time are per run (in a session: per `cell` request), the rest per process."""

    wall_seconds: int = 120
    cpu_seconds: int = 240
    memory_bytes: int = 2048 * MEBIBYTE
    disk_bytes: int = 64 * MEBIBYTE
    output_bytes: int = 8 * MEBIBYTE
    displays: int = 200
    threads: int = 64
    idle_seconds: int = 600

    def within(self, caps: "Limits") -> "Limits":
        """These limits, none above the operator's cap."""
        ceiling = asdict(caps)
        return replace(self, **{name: min(value, ceiling[name]) for name, value in asdict(self).items()})


# What an operator lets a lab ask for at most.
CAPS = Limits(
    wall_seconds=600,
    cpu_seconds=1200,
    memory_bytes=4096 * MEBIBYTE,
    disk_bytes=256 * MEBIBYTE,
    output_bytes=32 * MEBIBYTE,
    displays=1000,
    threads=256,
    idle_seconds=3600,
)


class Refused(Exception):
    """The runner took no action. `code` is a fixed word, the message a sentence."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


class RunnerGone(Exception):
    """The runner could not be reached, or hung up in mid-answer. Ask again: the same id attaches to what still runs."""


class Client:
    """A blocking client; one connection per call, so it may be shared between threads.

    `timeout` is the longest silence in seconds while waiting for the next line; None waits as long as a run may take.
    """

    def __init__(self, path: str, timeout: float | None = None):
        self.path, self.timeout = path, timeout

    def status(self) -> dict:
        return self.ask({"do": "status"})

    def run(
        self, id: str, cells: list[Cell], *, runtime: str = "tf2", limits: Limits = Limits(), after: int = 0
    ) -> Iterator[dict]:
        """Runs the cells one after another in a fresh process and yields events up to `finished`. Raises Refused."""
        return self.events("run", id=id, cells=rows(cells), runtime=runtime, limits=asdict(limits), after=after)

    def open(self, session: str, owner: str, *, runtime: str = "tf2", limits: Limits = Limits()) -> dict:
        return self.ask(
            {"do": "open", "session": session, "owner": owner, "runtime": runtime, "limits": asdict(limits)}
        )

    def cell(self, id: str, session: str, cells: list[Cell], *, after: int = 0) -> Iterator[dict]:
        """Runs cells in a live session, in which state stays."""
        return self.events("cell", id=id, session=session, cells=rows(cells), after=after)

    def close(self, session: str) -> dict:
        return self.ask({"do": "close", "session": session})

    def test(
        self,
        id: str,
        cells: list[Cell],
        probes: str,
        *,
        seed: int,
        files: dict[str, bytes] | None = None,
        runtime: str = "tf2",
        limits: Limits = Limits(),
        after: int = 0,
    ) -> Iterator[dict]:
        """Runs all cells afresh beside `files`, then judges them with the probes of that path; `finished` has the rows
        in `tests`."""
        placed = [{"name": name, "data": base64.b64encode(each).decode()} for name, each in (files or {}).items()]
        facts = {"cells": rows(cells), "probes": probes, "seed": seed, "files": placed}
        facts |= {"runtime": runtime, "limits": asdict(limits)}
        return self.events("test", id=id, after=after, **facts)

    def stop(self, id: str) -> bool:
        return self.ask({"do": "stop", "id": id})["stopping"]

    def files(self, of: str) -> list[dict]:
        """Plain files of a run's or session's work folder: `[{name, size, changed}]`."""
        return self.ask({"do": "files", "of": of, "op": "list"})["files"]

    def get(self, of: str, name: str) -> bytes:
        content = b""
        while True:
            answer = self.ask(
                {"do": "files", "of": of, "op": "get", "name": name, "offset": len(content), "length": CHUNK_BYTES}
            )
            chunk = base64.b64decode(answer["data"])
            content += chunk
            if not chunk or len(content) >= answer["size"]:
                return content

    def put(self, of: str, name: str, content: bytes) -> None:
        """Stores a file of at most UPLOAD_BYTES in the work folder, replacing one of that name."""
        self.ask({"do": "files", "of": of, "op": "put", "name": name, "data": base64.b64encode(content).decode()})

    def remove(self, of: str, name: str) -> None:
        self.ask({"do": "files", "of": of, "op": "remove", "name": name})

    def ask(self, request: dict) -> dict:
        return next(self.lines(request))

    def events(self, do: str, **facts: object) -> Iterator[dict]:
        for line in self.lines({"do": do, **facts}):
            yield line
            if line["event"] == "finished":
                return

    def lines(self, request: dict) -> Iterator[dict]:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(self.timeout)
                connection.connect(self.path)
                connection.sendall(json.dumps(request).encode() + b"\n")
                with connection.makefile("rb") as answers:
                    yield from map(understood, answers)
        except OSError as error:
            raise RunnerGone(f"The lab runner does not answer ({error}).") from error
        raise RunnerGone("The lab runner hung up.")


def rows(cells: list[Cell]) -> list[dict]:
    return [asdict(each) for each in cells]


def understood(line: bytes) -> dict:
    answer = json.loads(line)
    if answer["event"] == "refused":
        raise Refused(answer["code"], answer["message"])
    return answer
