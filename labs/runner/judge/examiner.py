"""The judge's side of a test run. It runs in a sandbox that is fresh for every test run and apart from the learner's,
because a lab's tests are code, too, and its authors are not the people who run the site.

The supervisor sends the judge's code and the probes. The judge sends {"ask": request} or {"held_out": request}, and
reads each answer as JSON from the other sandbox, unchanged; it sends {"row": row} as soon as a test is judged; it ends
with {"end": true} or, if the probes themselves are faulty, with {"broken": sentence}.
"""

import json
from collections.abc import Callable

from labs.runner.judge.authoring import Ask
from labs.runner.judge.judge import Judge, ProbesBroken
from labs.runner.kernel.wire import ProbeRequest
from labs.runner.wire import LENGTH, read_exactly

# The most brackets and commas in an answer: each may become a Python object of a hundred bytes.
MOST_PARTS = 1_500_000

Receive = Callable[[int], bytes]
Send = Callable[[str, object], None]


def examine(probes: str, seed: int, receive: Receive, send: Send) -> None:
    """Judge the probes of a file, and send each row."""
    try:
        for row in Judge(probes, seed).judge(asker("ask", receive, send), asker("held_out", receive, send)):
            send("row", row)
    except ProbesBroken as error:
        send("broken", str(error))
    else:
        send("end", True)


def asker(kind: str, receive: Receive, send: Send) -> Ask:
    def ask(request: ProbeRequest) -> dict:
        send(kind, request)
        return read(receive)

    return ask


def read(receive: Receive) -> dict:
    """Parse an answer from the sandbox, which may be any bytes. Anything but a JSON object becomes the answer of an error row."""
    (size,) = LENGTH.unpack(read_exactly(receive, LENGTH.size))
    body = read_exactly(receive, size)
    if sum(map(body.count, (b"{", b"[", b","))) > MOST_PARTS:
        return error_answer("The answer has too many parts. Return an array instead of lists.")
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return error_answer("The answer could not be read.")
    except MemoryError:
        return error_answer("The answer is too large to be judged.")
    return answer if isinstance(answer, dict) else error_answer("The answer could not be read.")


def error_answer(message: str) -> dict:
    """Return the error that replaces an answer too large to parse."""
    return {"error": {"type": "Unreadable", "message": message}}
