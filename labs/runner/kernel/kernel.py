"""The learner's live session, inside the child."""

import os
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labs.runner.kernel.errors import TIMED, ErrorReport
from labs.runner.kernel.frames import Frame
from labs.runner.kernel.output import FrameSender

if TYPE_CHECKING:
    from labs.runner.kernel.wire import ProbeRequest


@dataclass(frozen=True)
class CellResult:
    """Whether the cell ended without an error, and the error as in an ERROR frame."""

    ok: bool
    error: ErrorReport | None = None


class Kernel:
    """A process has one kernel, made after the fork. Several threads may call `emit`, but never two at once.

    `seed` fixes the random generators for test runs; without it every session differs. The kernel takes over
    descriptors 1 and 2, so `emit` must write to another channel.
    """

    def __init__(
        self, runtime: str, emit: Callable[[Frame], None], workdir: str, datadir: str, seed: int | None = None
    ) -> None:
        import matplotlib.pyplot as plt

        from labs.runner.kernel import figures
        from labs.runner.kernel.progress import ProgressReporter
        from labs.runner.kernel.shell import build_shell
        from labs.runner.kernel.streams import Streams

        os.chdir(workdir)
        sys.path.insert(0, "")
        self._output = FrameSender(emit)
        self._streams = Streams(self._output)
        sys.stdout, sys.stderr = self._streams.stdout, self._streams.stderr
        figures.connect(self._output.show)
        plt.switch_backend(figures.BACKEND)
        self._figures, self._progress = figures, ProgressReporter(self._output)
        choose_runtime(runtime, self._output, datadir, self._progress)
        reseed(seed)
        self._shell = build_shell(self._output, {"progress": self._progress, "__name__": "__main__"})

    def run_cell(self, cell: str | None, source: str) -> CellResult:
        """Run one cell to its end and send all its output. The session continues after an error."""
        self._output.cell = cell
        compiler = self._shell.compile
        compiler.cell = cell
        compiler.cells.add(TIMED, cell, source)
        self._shell.error = None
        try:
            done = self._shell.run_cell(source, store_history=True)
            raised = done.error_before_exec or done.error_in_exec
            self._finish_cell(shows=raised is None)
        except KeyboardInterrupt as stopped:
            self._shell.report(stopped)
        self._streams.drain()
        return CellResult(ok=self._shell.error is None, error=self._shell.error)

    def _finish_cell(self, shows: bool) -> None:
        try:
            self._figures.show()
            self._progress.finish()
        except Exception as broken:  # noqa: BLE001 (drawing runs the learner's own artists and formatters)
            if shows:
                self._shell.report(broken)

    def probe(self, request: "ProbeRequest") -> dict[str, object]:
        """Answer the judge (see answers.py). Whatever the learner's functions print in the process is sent with cell None."""
        from labs.runner.kernel.answers import answer

        self._output.cell = None
        try:
            return answer(request, self._shell.user_ns)
        finally:
            self._figures.show()
            self._streams.drain()


def choose_runtime(runtime: str, output: FrameSender, datadir: str, progress: Any) -> None:
    from tensorflow.python.util import deprecation

    from labs.runner.kernel import datasets, summaries
    from labs.runner.kernel.progress import follow_keras, quieten_bar

    deprecation._PRINT_DEPRECATION_WARNINGS = (
        False  # "Instructions for updating" confuses learners who use old code on purpose
    )
    if runtime == "tf1":
        from labs.runner.kernel import version1

        version1.install(output, progress)
        datasets.offer(output, datadir, ("tf_keras.api._v1.keras.datasets",))
        return
    import keras
    from tensorflow.python.ops.logging_ops import enable_interactive_logging

    enable_interactive_logging()
    from keras.src.callbacks.callback_list import CallbackList
    from keras.src.utils.progbar import Progbar

    summaries.offer()
    follow_keras(keras, [CallbackList], progress)
    quieten_bar(Progbar)
    datasets.offer(output, datadir, ("keras.datasets",))


def reseed(seed: int | None) -> None:
    """Seed all generators.

    Every fork starts with the same state in NumPy's and Python's generators. TensorFlow and Keras seed theirs from
    these, or from the system, at their first use, which happens in the child. With `seed`, all of them start from it.
    """
    import numpy as np
    import tensorflow as tf

    random.seed(seed)
    np.random.seed(None if seed is None else seed % 2**32)
    if seed is not None:
        tf.compat.v1.set_random_seed(seed % 2**31)
