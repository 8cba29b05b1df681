"""The sandbox of one run: what is applied to the forked child before a learner's first line.

`enter.enter(plan)` applies every layer in order and raises `SandboxFailed` on the first that cannot be had; there is no
way to a half-made sandbox. Linux on x86-64 only.
"""
