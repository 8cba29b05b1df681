"""The one place through which a child speaks."""

import threading
from collections.abc import Callable
from typing import Any

from labs.runner.kernel.frames import NOTE, Frame


class Output:
    """Sends frames of the current cell, one at a time whatever thread they come from."""

    def __init__(self, emit: Callable[[Frame], None]) -> None:
        self.cell: str | None = None
        self.before_show: Callable[[], None] = lambda: None
        self._emit = emit
        self._lock = threading.Lock()
        self._noted: set[str] = set()

    def send(self, data: dict[str, Any]) -> None:
        with self._lock:
            self._emit({"cell": self.cell, "data": data})

    def show(self, data: dict[str, Any]) -> None:
        """Sends a bundle after whatever was printed before it."""
        self.before_show()
        self.send(data)

    def note(self, text: str) -> None:
        """Tells the learner something, once a session."""
        if text not in self._noted:
            self._noted.add(text)
            self.show({NOTE: {"text": text}, "text/plain": f"Note: {text}\n"})
