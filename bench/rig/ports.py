"""Ports for servers that benchmarks and tests start."""

import random
import socket
from contextlib import suppress
from pathlib import Path


def free_port() -> int:
    """Return a port of this machine on which nobody listens. No other process of the tests or benchmarks gets it while this one lives.

    The port is below the kernel's own range. Any connection may take a port from that range at any moment: between this
    call and the start of a server, or while a server is restarted.
    """
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for port in random.SystemRandom().sample(range(lowest // 2, lowest), 1_000):
        with suppress(OSError), socket.socket(socket.AF_UNIX) as claim, socket.socket() as probe:
            claim.bind(f"\0finalcheck-tests-{port}")
            probe.bind(("127.0.0.1", port))
            claim.detach()  # the open descriptor keeps the claim
            return port
    raise RuntimeError("this machine has no free port")
