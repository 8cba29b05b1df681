"""Send frames. Everything that a child outputs passes through here."""

import threading
from collections.abc import Callable

from labs.runner.kernel.frames import NOTE, Frame


class FrameSender:
    """Send frames of the current cell one at a time, from any thread."""

    def __init__(self, emit: Callable[[Frame], None]) -> None:
        self.cell: str | None = None
        self.before_show: Callable[[], None] = lambda: None
        self._emit = emit
        self._lock = threading.Lock()
        self._noted: set[str] = set()

    def send(self, data: dict[str, object]) -> None:
        with self._lock:
            self._emit({"cell": self.cell, "data": data})

    def show(self, data: dict[str, object]) -> None:
        """Send a bundle after everything printed before it."""
        self.before_show()
        self.send(data)

    def note(self, text: str) -> None:
        """Tell the learner something, once per session."""
        if text not in self._noted:
            self._noted.add(text)
            self.show({NOTE: {"text": text}, "text/plain": f"Note: {text}\n"})
