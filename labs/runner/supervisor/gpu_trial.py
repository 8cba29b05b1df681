"""Decide whether runs may use the host's GPU: it takes a sandbox with a private root, in which code can use the GPU."""

import asyncio

from labs.runner.gpu import Gpu, NotOffered, find_gpu
from labs.runner.protocol import RunLimits, SourceCell
from labs.runner.supervisor.box import SetupFailed
from labs.runner.supervisor.execution import Execution
from labs.runner.supervisor.runs import ActiveRun
from labs.runner.supervisor.supervisor import RunnerSupervisor

SECONDS = 120
# A session of version 1 refuses to compute elsewhere than asked; version 2 would silently take the processor.
TRIAL = """import tensorflow
tf = tensorflow.compat.v1
with tf.Graph().as_default(), tf.device("/GPU:0"), tf.Session() as session:
    total = session.run(tf.reduce_sum(tf.matmul(tf.ones((64, 64)), tf.ones((64, 64)))))
assert total == 64**3, total
"""


def gpu_to_offer(tier: str | None) -> tuple[Gpu | None, str]:
    """Return the GPU to offer, and a sentence about it for the status."""
    if tier in (None, "bare"):
        return None, "not offered: only a sandbox with a private root (tier root or user) can have one."
    try:
        gpu = find_gpu()
    except NotOffered as reason:
        return None, f"not offered: {reason}"
    return gpu, gpu.in_words


async def problem_with(supervisor: RunnerSupervisor) -> str | None:
    """Return why code in a sandbox cannot compute on the GPU, or None if it can."""
    if not supervisor.is_safe:
        return "The self-test of the sandbox fails with it."
    try:
        box = await supervisor.boxes.make(supervisor.options.runtimes[0], RunLimits())
    except SetupFailed as error:
        return f"No sandbox could be made with it: {error}."
    run = ActiveRun("gpu-trial")
    try:
        async with asyncio.timeout(SECONDS):
            outcome = await Execution(box, RunLimits(), run).cells([SourceCell("1", TRIAL)])
    except (EOFError, TimeoutError):
        return "Code in a sandbox did not finish a product on it."
    finally:
        await box.end()
    return None if outcome.verdict == "succeeded" else f"Code in a sandbox could not compute on it ({outcome.verdict})."
