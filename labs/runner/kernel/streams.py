"""Capture standard output and error as they are written, by Python or by TensorFlow's C++."""

import codecs
import io
import os
import re
import secrets
import select
import threading

from labs.runner.kernel.frames import STREAM, without_escapes
from labs.runner.kernel.output import FrameSender

CHUNK = 65_536
DRAIN_SECONDS = 2.0
LINE_SECONDS = 0.002
NOT_IN_TEXT = b"\xff"  # never a byte of UTF-8, so the end of a text cannot look like the beginning of a mark
# TensorFlow's own log lines, which do not help learners.
NOISE = re.compile(r"^(?:[IWE]\d{4} [\d:. ]+.*\]|WARNING: All log messages before absl::).*\n?", re.MULTILINE)


class Pipe:
    """Turn what is written to a descriptor (1 or 2) into frames, in a thread."""

    def __init__(self, descriptor: int, name: str, output: FrameSender) -> None:
        self.descriptor = descriptor
        self._name = name
        self._output = output
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._mark = NOT_IN_TEXT + secrets.token_bytes(15)
        self._drained = threading.Event()
        self._reader, writer = os.pipe()
        os.dup2(writer, descriptor)
        os.close(writer)
        threading.Thread(target=self._pump, name=f"finalcheck-{name}", daemon=True).start()

    def drain(self) -> None:
        """Wait until everything written so far is sent. If the learner closed the descriptor, return at once."""
        self._drained.clear()
        try:
            os.write(self.descriptor, self._mark)
        except OSError:
            return
        self._drained.wait(DRAIN_SECONDS)

    def _pump(self) -> None:
        held = b""
        while chunk := self._read():
            *complete, held = (held + chunk).split(self._mark)
            for part in complete:
                self._send(part)
                self._drained.set()
            held = self._send_all_but_a_begun_mark(held)

    def _read(self) -> bytes:
        """Read what has arrived. Wait a moment for the end of a line, so that print's text and line end go out together."""
        chunk = os.read(self._reader, CHUNK)
        if not chunk.endswith((b"\n", self._mark)) and select.select([self._reader], [], [], LINE_SECONDS)[0]:
            chunk += os.read(self._reader, CHUNK)
        return chunk

    def _send_all_but_a_begun_mark(self, data: bytes) -> bytes:
        longest = range(min(len(data), len(self._mark) - 1), 0, -1)
        begun = next((size for size in longest if self._mark.startswith(data[-size:])), 0)
        self._send(data[: len(data) - begun])
        return data[len(data) - begun :]

    def _send(self, data: bytes) -> None:
        text = NOISE.sub("", without_escapes(self._decoder.decode(data)))
        if text:
            self._output.send({"text/plain": text, STREAM: {"name": self._name}})


class Streams:
    """Both pipes. Output keeps its order across them."""

    def __init__(self, output: FrameSender) -> None:
        self._pipes = [Pipe(1, "stdout", output), Pipe(2, "stderr", output)]
        self._last = self._pipes[0]
        self.stdout, self.stderr = (PipeWriter(self, pipe) for pipe in self._pipes)
        output.before_show = self.drain

    def drain(self) -> None:
        for pipe in self._pipes:
            pipe.drain()

    def write(self, pipe: Pipe, data: bytes) -> None:
        if pipe is not self._last:
            self._last.drain()
            self._last = pipe
        while data:
            data = data[os.write(pipe.descriptor, data) :]


class PipeWriter(io.TextIOBase):
    """The learner's sys.stdout or sys.stderr; unbuffered."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, streams: Streams, pipe: Pipe) -> None:
        self._streams = streams
        self._pipe = pipe

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._streams.write(self._pipe, text.encode("utf-8", "replace"))
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._pipe.descriptor
