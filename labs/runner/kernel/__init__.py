"""Code that runs inside the sandboxed child: the learner's shell, its output as frames, and answers to the judge's
probes.

    warm("tf2")                                    # once, before any fork
    kernel = Kernel("tf2", emit, workdir, datadir)  # in the child
    kernel.run_cell("4", "print(1)")

Do not trust anything here once a learner's cell has run: the judge (labs.runner.judge) checks all answers of a child
outside.
"""

from labs.runner.kernel.frames import Frame
from labs.runner.kernel.kernel import CellResult, Kernel
from labs.runner.kernel.warming import warm

__all__ = ["CellResult", "Frame", "Kernel", "warm"]
