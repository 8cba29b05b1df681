"""Messages of many children are handled in turns, however many of one child have arrived."""

import asyncio
import itertools
import os
import socket
from contextlib import aclosing

from labs.runner.sandbox.enter import SandboxPlan
from labs.runner.supervisor.box import AT_ONCE, Box, Order
from labs.runner.wire import pack
from tests.loops import ran

PLAN = SandboxPlan("bare", 0, "", "", "", 0, 0, 0)


async def flooded(count: int) -> Box:
    """Return a box whose child, this process itself, has sent that many messages and hung up."""
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours, limit=1 << 20)
    with theirs:
        theirs.sendall(pack("hello", {}, {}) * count)
    descriptors = os.pidfd_open(os.getpid()), os.open("/", os.O_RDONLY), os.open("/dev/null", os.O_RDONLY)
    order = Order("turns", PLAN, "", lambda: None)
    return Box(order, *descriptors, reader, writer, asyncio.get_running_loop().create_future(), lambda: False)


def test_no_child_has_more_than_a_few_messages_handled_while_others_wait():
    heard: list[str] = []

    async def listen(name: str, box: Box) -> None:
        async with aclosing(box.messages()) as messages:
            async for _ in messages:
                heard[:] = [*heard, name]
        box.let_go()

    async def listen_to_both() -> None:
        boxes = {name: await flooded(10 * AT_ONCE) for name in ("one", "other")}
        await asyncio.gather(*(listen(name, box) for name, box in boxes.items()))

    ran(listen_to_both())
    assert len(heard) == 20 * AT_ONCE
    assert max(len(list(turn)) for _, turn in itertools.groupby(heard)) <= 2 * AT_ONCE
