"""Code that runs inside the sandboxed child: the learner's shell, its output as frames, and answers to the judge's
probes.

    warm("tf2")                                    # once, before any fork
    kernel = Kernel("tf2", emit, workdir, datadir)  # in the child
    kernel.run_cell("4", "print(1)")

Once a learner's cell has run, nothing here can be trusted: the judge (labs.runner.judge) checks outside whatever a
child says.
"""

from labs.runner.kernel.frames import Frame
from labs.runner.kernel.kernel import CellResult, Kernel
from labs.runner.kernel.warming import warm

__all__ = ["CellResult", "Frame", "Kernel", "warm"]
