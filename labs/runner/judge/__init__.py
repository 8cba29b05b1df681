"""Judge a lab's probes outside the learner's process. Reference solutions never leave this side."""

from labs.runner.judge.judge import Judge, ProbesBroken

__all__ = ["Judge", "ProbesBroken"]
