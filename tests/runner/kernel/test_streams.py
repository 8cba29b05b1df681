"""What is written is sent as it comes."""

import os
import secrets
from queue import Queue
from typing import Any

from labs.runner.kernel.frames import STREAM
from labs.runner.kernel.streams import Pipe


class Sent(Queue[Any]):
    """Takes the place of the channel to the supervisor."""

    send = Queue.put


def test_no_letter_is_held_back_because_the_mark_of_the_end_begins_with_it(monkeypatch):
    monkeypatch.setattr(secrets, "token_bytes", lambda size: b"w" * size)
    sent, descriptor = Sent(), os.dup(1)
    Pipe(descriptor, "stdout", sent)
    os.write(descriptor, b"so far: now")
    assert sent.get(timeout=60) == {"text/plain": "so far: now", STREAM: {"name": "stdout"}}
    os.close(descriptor)
