"""The judge's process: trusted, fresh for every test run, and outside the sandbox, away from the learner's process.

    python -m labs.runner.examiner

It talks to the supervisor over standard input and output; each message is preceded by four bytes with its length. It
reads {"probes": path, "seed": number, "cpu_seconds": number} first. It writes {"ask": request} or {"held_out":
request}, and reads each answer as JSON from the child, unchanged; it writes {"row": row} as soon as a test is judged;
it ends with {"end": true} or, if the probes themselves are faulty, with {"broken": sentence}.
"""

import json
import os
import resource
import sys
from typing import BinaryIO

from labs.runner.judge import Judge, ProbesBroken
from labs.runner.judge.authoring import Ask
from labs.runner.kernel.wire import ProbeRequest
from labs.runner.wire import LENGTH, read_exactly

MEMORY_BYTES = 1536 << 20
CPU_SLACK = 30  # seconds; the supervisor's watchdog acts sooner, with a clearer verdict
# The most brackets and commas in an answer: each may become a Python object of a hundred bytes.
MOST_PARTS = 1_500_000


def refused(message: str) -> dict:
    """Return the error that replaces an answer too large to parse."""
    return {"error": {"type": "Unreadable", "message": message}}


def write(out: BinaryIO, message: dict) -> None:
    body = json.dumps(message).encode()
    out.write(LENGTH.pack(len(body)) + body)
    out.flush()


def read(source: BinaryIO) -> dict:
    """Parse an answer from the sandbox, which may be any bytes. Anything but a JSON object becomes the answer of an error row."""
    (size,) = LENGTH.unpack(read_exactly(source.read, LENGTH.size))
    body = read_exactly(source.read, size)
    if sum(map(body.count, (b"{", b"[", b","))) > MOST_PARTS:
        return refused("The answer has too many parts. Return an array instead of lists.")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return refused("The answer could not be read.")
    except MemoryError:
        return refused("The answer is too large to be judged.")
    return found if isinstance(found, dict) else refused("The answer could not be read.")


def asker(kind: str, source: BinaryIO, out: BinaryIO) -> Ask:
    def ask(request: ProbeRequest) -> dict:
        write(out, {kind: request})
        return read(source)

    return ask


def main() -> None:
    source, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Sent over the pipe, because other processes of this user can read arguments.
    order = read(source)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    most = order["cpu_seconds"] + CPU_SLACK
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    # Whatever a probe prints goes to the log, not into the messages.
    os.dup2(2, 1)
    try:
        for row in Judge(order["probes"], order["seed"]).judge(
            asker("ask", source, out), asker("held_out", source, out)
        ):
            write(out, {"row": row})
    except ProbesBroken as error:
        write(out, {"broken": str(error)})
    else:
        write(out, {"end": True})


if __name__ == "__main__":
    main()
