"""Machines of the topology: a network namespace for each where this user may make them, otherwise a loopback address."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Machine:
    """`enter` is the beginning of a command that runs on the machine, `cable` the end of its network cable outside."""

    name: str
    address: str
    enter: tuple[str, ...] = ()
    cable: str = ""


@dataclass(frozen=True)
class Network:
    """`gateway` is our own address in it. `reason` says why the machines have loopback addresses; "" if they have not."""

    machines: dict[str, Machine]
    gateway: str
    reason: str = ""

    def set_cable(self, name: str, *, is_in: bool) -> None:
        """Plug a machine's network cable in, or pull it out. Other machines get no error then, only silence."""
        run("ip", "link", "set", self.machines[name].cable, "up" if is_in else "down")


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)


@contextmanager
def network(*names: str) -> Iterator[Network]:
    """A network of machines with these names. Whatever was made of it is removed at the end."""
    tag = os.getpid() % 4096
    bridge, subnet = f"fc{tag}", f"10.{64 + tag // 256}.{tag % 256}"
    machines = {
        name: Machine(
            name, f"{subnet}.{number}", ("nsenter", f"--net=/var/run/netns/{bridge}-{name}"), f"{bridge}-{number}"
        )
        for number, name in enumerate(names, 11)
    }
    reason = ""
    try:
        try:
            make_bridge(bridge, subnet)
            for machine in machines.values():
                make_namespace(bridge, machine)
        except (OSError, subprocess.CalledProcessError) as problem:
            reason = str(getattr(problem, "stderr", "") or problem).strip()
        if reason:
            machines = {name: Machine(name, f"127.0.0.{number}") for number, name in enumerate(names, 11)}
        yield Network(machines, "127.0.0.1" if reason else f"{subnet}.1", reason)
    finally:
        for name in names:
            subprocess.run(("ip", "netns", "del", f"{bridge}-{name}"), capture_output=True)
        subprocess.run(("ip", "link", "del", bridge), capture_output=True)


def make_bridge(bridge: str, subnet: str) -> None:
    run("ip", "link", "add", bridge, "type", "bridge")
    run("ip", "address", "add", f"{subnet}.1/24", "dev", bridge)
    run("ip", "link", "set", bridge, "up")


def make_namespace(bridge: str, machine: Machine) -> None:
    space = f"{bridge}-{machine.name}"
    run("ip", "netns", "add", space)
    run("ip", "link", "add", machine.cable, "type", "veth", "peer", "name", "eth0", "netns", space)
    run("ip", "link", "set", machine.cable, "master", bridge, "up")
    inside = ("ip", "netns", "exec", space, "ip")
    run(*inside, "address", "add", f"{machine.address}/24", "dev", "eth0")
    run(*inside, "link", "set", "eth0", "up")
    run(*inside, "link", "set", "lo", "up")
