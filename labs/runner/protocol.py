"""The protocol of the lab runner.

It uses only the standard library; other packages import only this module of the runner.

A connection, to the unix socket or over TLS, carries one request, which is one line of JSON. The reply is one or more
lines of JSON. The last line is `finished`, `refused`, or the plain answer to a request that does not run code. Bytes are
base64. For example (→ request):

    → {"do": "run", "id": "r1", "runtime": "tf2", "cells": [{"id": "c1", "source": "print(1)"}], "limits": {}}
    {"event": "started", "seq": 1}
    {"event": "cell", "seq": 2, "cell": "c1", "state": "started"}
    {"event": "frame", "seq": 3, "cell": "c1", "data": {"text/plain": "1\n"}}
    {"event": "cell", "seq": 4, "cell": "c1", "state": "succeeded"}
    {"event": "tested", "seq": 5, "row": {"name": "the slope", "verdict": "passed", …}}          for `test` only
    {"event": "finished", "seq": 6, "verdict": "succeeded", "message": "", "usage": {…}, "files": [], "tests": null, …}

Requests, by `do`:

    status                                               → status: tier, ready, reasons, runtimes, self_test, capacity
    run    id runtime cells limits [after]                 free code or cells in a fresh process
    open   session owner runtime limits                  → opened; `ended`: the owner's sessions that were closed for it
    cell   id session cells [after]                        cells in a live session, which keeps its state
    close  session                                       → closed
    test   id runtime cells limits probes seed [files] [after]   all cells in a fresh process with `files`: [{name,
    data}],
                                                           then the tests in `probes`: a path, or {name: text}
                                                           with probes.py and the files that it names
    stop   id                                            → stopping: true if there was something to stop
    files  of (a run or session) op: list | get name offset length | put name data | remove name
                                                         → files | file | stored | removed

`refused` has a `code`, a `message` and `others_fit`: whether the runner may accept runs that need less.

A request that follows a run may have `beat`, a number of seconds: after so much silence, the runner sends
{"event": "beat"}. A client on another machine asks for it, so that it notices a runner that stopped.

Every request has `protocol`, the version that the worker speaks; without it, the version is FIRST_PROTOCOL. `status` has
the runner's version, and is always answered. A runner refuses every other request of a worker whose version is not next
to its own, with the code `other_protocol`.

Any request may have `trace`, a traceparent of the W3C. The runner's log names it if the request fails. `finished` has
`parts`: what the runner did, as [{name, begin, end}] in seconds since the run began there. The client makes spans of a
trace of them, because a runner does not open connections.

Sending the same `id` again attaches to that run, even after its first connection broke: events from `after` on are sent
again, and the code is not run twice. The runner remembers a finished run for a few minutes. When a client disconnects,
its run goes on.

Verdicts: succeeded failed timed_out out_of_memory output_limit disk_limit stopped broken. `failed` means that the code
raised or ended its own process. A run whose tests fail is `succeeded`, with rows in `tests`. `broken` is our fault: try
again later.

Frames hold text/plain, text/html, text/latex, text/markdown, image/png and image/jpeg (base64), and
application/vnd.finalcheck.*+json. All of it comes from a learner's process: sanitize text/html and show it in a frame.
"""

import base64
import json
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace

from labs.runner.tls import RemoteRunner as RemoteRunner  # re-exported for callers to name one

# The version of what is written above. A release that changes it raises the number by one. Neighboring versions must
# understand each other, because workers and runners are upgraded one after another.
PROTOCOL, FIRST_PROTOCOL, MOST_APART = 2, 1, 1  # what release 0.9.0 speaks is the first version
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
# Time that a run may need beyond its own: to start a warm runner and a sandbox, to interrupt and kill, and to read the
# files.
START_SECONDS, END_SECONDS = 180, 30
# A runner on another machine sends a beat after so many seconds without an event. After three times as long without
# either, the worker takes it for lost.
BEAT_SECONDS = 3
MOST_TESTS = 200  # of a lab, because the supervisor keeps the result of each


@dataclass(frozen=True)
class SourceCell:
    """A piece of code and its id, which its outputs carry."""

    id: str
    source: str


@dataclass(frozen=True)
class RunLimits:
    """The limits of one run. Wall and CPU time are per run (in a session, per `cell` request); the others are per process."""

    wall_seconds: int = 120
    cpu_seconds: int = 240
    memory_bytes: int = 2048 * MEBIBYTE
    disk_bytes: int = 64 * MEBIBYTE
    output_bytes: int = 8 * MEBIBYTE
    displays: int = 200
    frames: int = 10_000
    threads: int = 64
    idle_seconds: int = 600

    @property
    def judge_seconds(self) -> int:
        """Return the seconds within which all tests must be judged, including the time in the learner's process."""
        return 2 * self.wall_seconds + 120

    def longest_run(self, *, is_tested: bool = False) -> int:
        """Return the seconds after which a run under these limits certainly has its verdict."""
        judging = self.judge_seconds if is_tested else 0
        return START_SECONDS + self.wall_seconds + judging + END_SECONDS

    def within(self, caps: "RunLimits") -> "RunLimits":
        """Return these limits, each reduced to the operator's cap."""
        ceiling = asdict(caps)
        return replace(self, **{name: min(value, ceiling[name]) for name, value in asdict(self).items()})


# The highest limits that an operator lets a lab set.
CAPS = RunLimits(
    wall_seconds=600,
    cpu_seconds=1200,
    memory_bytes=4096 * MEBIBYTE,
    disk_bytes=256 * MEBIBYTE,
    output_bytes=32 * MEBIBYTE,
    displays=1000,
    frames=20_000,
    threads=256,
    idle_seconds=3600,
)


class Refused(Exception):
    """The runner refused the request and did nothing. `code` is a fixed word; the message is a sentence.

    `others_fit` says that the runner may accept requests that need less.
    """

    def __init__(self, code: str, message: str, *, others_fit: bool = False):
        super().__init__(message)
        self.code, self.others_fit = code, others_fit


def misunderstanding(worker: object, runner: object) -> str:
    """Return why a worker and a runner that speak these versions do not understand each other, or ""."""
    if isinstance(worker, int) and isinstance(runner, int) and abs(worker - runner) <= MOST_APART:
        return ""
    return (
        f"The worker speaks version {worker} of the protocol, and the runner version {runner}. They may be {MOST_APART} "
        "apart at most: install the same release of Finalcheck on both machines (docs/upgrading.md)."
    )


class RunnerGone(Exception):
    """The runner could not be reached, or hung up in mid-answer.

    Send the request again: the same id attaches to a run that still goes on.
    """


class Client:
    """A blocking client of the runner at a unix socket, or on another machine. Each call opens its own connection, so
    threads may share a client.

    `timeout` is the longest wait for the next line, and `within` the longest wait for the last line, in seconds. None
    waits forever. Raises RunnerGone when either has passed. `trace` goes with each request.
    """

    def __init__(
        self, path: str | RemoteRunner, timeout: float | None = None, within: float | None = None, trace: str = ""
    ):
        self.path, self.timeout, self.within, self.trace = path, timeout, within, trace

    def status(self) -> dict:
        return self.ask({"do": "status"})

    def run(
        self, id: str, cells: list[SourceCell], *, runtime: str = "tf2", limits: RunLimits = RunLimits(), after: int = 0
    ) -> Iterator[dict]:
        """Run the cells one after another in a fresh process, and yield events up to `finished`. Raises Refused."""
        return self.events("run", id=id, cells=rows(cells), runtime=runtime, limits=asdict(limits), after=after)

    def open(self, session: str, owner: str, *, runtime: str = "tf2", limits: RunLimits = RunLimits()) -> dict:
        return self.ask(
            {"do": "open", "session": session, "owner": owner, "runtime": runtime, "limits": asdict(limits)}
        )

    def cell(self, id: str, session: str, cells: list[SourceCell], *, after: int = 0) -> Iterator[dict]:
        """Run cells in a live session, which keeps its state."""
        return self.events("cell", id=id, session=session, cells=rows(cells), after=after)

    def close(self, session: str) -> dict:
        return self.ask({"do": "close", "session": session})

    def test(
        self,
        id: str,
        cells: list[SourceCell],
        probes: str | Mapping[str, str],
        *,
        seed: int,
        files: dict[str, bytes] | None = None,
        runtime: str = "tf2",
        limits: RunLimits = RunLimits(),
        after: int = 0,
    ) -> Iterator[dict]:
        """Run all cells in a fresh process with `files`, then judge them with the probes; `finished` holds the rows in
        `tests`. A runner on another machine gets the files of the probes, by name.
        """
        placed = [{"name": name, "data": base64.b64encode(content).decode()} for name, content in (files or {}).items()]
        judging = probes if isinstance(probes, str) else dict(probes)
        fields = {"cells": rows(cells), "probes": judging, "seed": seed, "files": placed}
        fields |= {"runtime": runtime, "limits": asdict(limits)}
        return self.events("test", id=id, after=after, **fields)

    def stop(self, id: str) -> bool:
        return self.ask({"do": "stop", "id": id})["stopping"]

    def files(self, of: str) -> list[dict]:
        """Return the plain files in the work folder of a run or session: `[{name, size, changed}]`."""
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
        """Store a file of at most UPLOAD_BYTES in the work folder, replacing a file of the same name."""
        self.ask({"do": "files", "of": of, "op": "put", "name": name, "data": base64.b64encode(content).decode()})

    def remove(self, of: str, name: str) -> None:
        self.ask({"do": "files", "of": of, "op": "remove", "name": name})

    def ask(self, request: dict) -> dict:
        return next(self.lines(request))

    def events(self, do: str, **fields: object) -> Iterator[dict]:
        beat = {"beat": BEAT_SECONDS} if isinstance(self.path, RemoteRunner) else {}
        for line in self.lines({"do": do, **fields, **beat}, longest_silence=3 * BEAT_SECONDS if beat else None):
            if line["event"] == "beat":
                continue
            yield line
            if line["event"] == "finished":
                return

    def lines(self, request: dict, longest_silence: float | None = None) -> Iterator[dict]:
        until = None if self.within is None else time.monotonic() + self.within
        request = {**request, "protocol": PROTOCOL, **({"trace": self.trace} if self.trace else {})}
        try:
            with self.connection(self.patience(until)) as connection:
                connection.sendall(json.dumps(request).encode() + b"\n")
                with connection.makefile("rb") as answers:
                    connection.settimeout(self.patience(until, longest_silence))
                    while (line := answers.readline()).endswith(b"\n"):  # an incomplete line is not an answer
                        yield parse_answer(line)
                        connection.settimeout(self.patience(until, longest_silence))
        except OSError as error:
            raise RunnerGone(f"The lab runner does not answer ({error}).") from error
        raise RunnerGone("The lab runner hung up.")

    @contextmanager
    def connection(self, patience: float | None) -> Iterator[socket.socket]:
        """Connect within so many seconds. The same limit then holds for sending the request."""
        if isinstance(self.path, RemoteRunner):
            with self.path.connection() as connection:
                connection.settimeout(patience)
                yield connection
            return
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(patience)
            connection.connect(self.path)
            yield connection

    def patience(self, until: float | None, longest_silence: float | None = None) -> float | None:
        """Return the seconds to wait for the next line. Raises TimeoutError once `until`, on the monotonic clock, has passed."""
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0:
            raise TimeoutError("no end in time")
        return min((seconds for seconds in (left, self.timeout, longest_silence) if seconds is not None), default=None)


def rows(cells: list[SourceCell]) -> list[dict]:
    return [asdict(cell) for cell in cells]


def parse_answer(line: bytes) -> dict:
    answer = json.loads(line)
    if answer["event"] == "refused":
        raise Refused(answer["code"], answer["message"], others_fit=answer.get("others_fit", False))
    return answer
