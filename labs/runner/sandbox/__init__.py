"""The sandbox of one run, applied to the forked child before the learner's first line runs.

`enter.enter(plan)` applies every layer in order and raises `SandboxFailed` at the first that fails, so a partial
sandbox never runs code. Linux on x86_64 and aarch64 only.
"""
