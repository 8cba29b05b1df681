"""What runs inside the sandboxed child: the learner's shell, its output as frames, and answers to a judge's probes.

    warm("tf2")                                    # once, before any fork
    kernel = Kernel("tf2", emit, workdir, datadir)  # in the child
    kernel.run_cell("4", "print(1)")

Nothing here is trusted once a learner's cell ran: whatever a child says is judged outside (labs.runner.judge).
"""

from labs.runner.kernel.frames import Frame
from labs.runner.kernel.kernel import CellResult, Kernel
from labs.runner.kernel.warming import warm

__all__ = ["CellResult", "Frame", "Kernel", "warm"]
