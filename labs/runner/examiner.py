"""The judge's own process: trusted, fresh for every test run, never in the sandbox and never near a learner's process.

    python -m labs.runner.examiner PROBES SEED

It talks to the supervisor over its standard descriptors, four bytes of length before each message:
out {"ask": request} or {"held_out": request}, each answered by the child's JSON as it came; {"row": row} for each test
as soon as it is judged; at last {"end": true} or, where the probes themselves are at fault, {"broken": sentence}.
"""

import json
import os
import resource
import sys
from collections.abc import Callable
from typing import BinaryIO

from labs.runner.judge import Judge, ProbesBroken
from labs.runner.wire import LENGTH, read_exactly

MEMORY_BYTES = 4 << 30
UNREADABLE = {"error": {"type": "Unreadable", "message": "The answer could not be read."}}


def write(out: BinaryIO, message: dict) -> None:
    body = json.dumps(message).encode()
    out.write(LENGTH.pack(len(body)) + body)
    out.flush()


def read(source: BinaryIO) -> dict:
    """An answer from the sandbox: any bytes at all. What is not a JSON object becomes an error row's answer."""
    (size,) = LENGTH.unpack(read_exactly(source.read, LENGTH.size))
    try:
        found = json.loads(read_exactly(source.read, size))
    except (ValueError, RecursionError):
        return UNREADABLE
    return found if isinstance(found, dict) else UNREADABLE


def asker(kind: str, source: BinaryIO, out: BinaryIO) -> Callable[[dict], dict]:
    def ask(request: dict) -> dict:
        write(out, {kind: request})
        return read(source)

    return ask


def main() -> None:
    probes, seed = sys.argv[1], int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    source, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a probe prints is for the log, not for the wire.
    os.dup2(2, 1)
    try:
        for row in Judge(probes, seed).judge(asker("ask", source, out), asker("held_out", source, out)):
            write(out, {"row": row})
    except ProbesBroken as error:
        write(out, {"broken": str(error)})
    else:
        write(out, {"end": True})


if __name__ == "__main__":
    main()
