"""Applies every layer to the forked child, in the only order that works, and says which one failed."""

import fcntl
import os
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from labs.runner.sandbox import ceilings, identity, landlock, root, seccomp, syscalls
from labs.runner.sandbox.syscalls import CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWUTS

# No clone of the warm runner's descriptors survives beyond these: nothing, output, output, the channel, the set-up report.
CHANNEL, SETUP = 3, 4


class SandboxFailed(Exception):
    """A layer could not be had; the message names it. The child ends without running anything."""


@dataclass(frozen=True)
class Plan:
    """What one run gets: `tier` root, user or bare; `uid` its own user; folders as seen from inside; sizes in bytes."""

    tier: str
    uid: int
    work: str
    temporary: str
    data: str
    memory_bytes: int
    disk_bytes: int
    threads: int
    # Threads that already count against this user where no user namespace keeps a count of its own.
    other_threads: int = 0


def keep_only(output: int, channel: int, setup: int) -> None:
    """Descriptors: /dev/null, output twice, the channel and the set-up report; every other one is closed."""
    wanted = (os.open("/dev/null", os.O_RDONLY), output, output, channel, setup)
    # First out of the way of the numbers they shall get.
    above = [fcntl.fcntl(each, fcntl.F_DUPFD, 16) for each in wanted]
    for number, descriptor in enumerate(above):
        os.dup2(descriptor, number)
    os.closerange(SETUP + 1, 1 << 20)


def private_places(plan: Plan) -> None:
    syscalls.unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET)
    socket.sethostname("lab")
    root.furnish(plan.uid if plan.tier == "root" else os.geteuid(), plan.disk_bytes)


def nobody_else(plan: Plan, own_proc: int) -> None:
    """Takes on the run's user. In a namespaced tier its user namespace owns none of the other namespaces, so that even
    a capability won back in there would be good for nothing."""
    if os.geteuid() == 0 and plan.tier != "user":
        if plan.tier == "bare":
            identity.drop_bounding()
        identity.become(plan.uid)
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)
    if plan.tier != "bare":
        identity.map_only(own_proc, plan.uid, os.geteuid(), os.getegid())
        identity.drop_bounding()
        syscalls.prctl(syscalls.PR_SET_SECUREBITS, identity.SECUREBITS)
    identity.drop_capabilities()


def no_way_back(plan: Plan) -> None:
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    # Without a sized folder the watchdog must see which deleted files are still open; Landlock keeps other runs out.
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1 if plan.tier == "bare" else 0)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)


def fence(plan: Plan) -> None:
    landlock.apply([*root.readable(), plan.data, *own_facts(plan)], [plan.work, plan.temporary])


def own_facts(plan: Plan) -> list[str]:
    """The whole of a private /proc; of the host's, what this process may know of itself, and no mounts or neighbours."""
    if plan.tier != "bare":
        return ["/proc"]
    return [f"/proc/{os.getpid()}/{name}" for name in ("status", "stat", "statm", "cmdline", "maps", "fd")]


def hand_over_work(plan: Plan) -> None:
    """The supervisor reads and writes the run's files through this descriptor, whatever becomes of the mounts."""
    work = os.open(plan.work, os.O_RDONLY | os.O_DIRECTORY)
    with socket.socket(fileno=os.dup(SETUP)) as setup:
        socket.send_fds(setup, [b"work\n"], [work])
    os.close(work)
    os.chdir(plan.work)


def steps(plan: Plan) -> Iterator[tuple[str, Callable[[], None]]]:
    own_proc = os.open(f"{root.HOST_PROC}/self", os.O_DIRECTORY) if plan.tier != "bare" else -1
    yield "session", os.setsid
    if plan.tier != "bare":
        yield "namespaces and private root", lambda: private_places(plan)
    yield "work folder", lambda: hand_over_work(plan)
    yield "user and capabilities", lambda: nobody_else(plan, own_proc)
    yield "descriptors", lambda: os.closerange(SETUP + 1, 1 << 20)
    threads = plan.threads + plan.other_threads
    yield "ceilings", lambda: ceilings.apply(plan.memory_bytes, plan.disk_bytes, threads)
    yield "no new privileges", lambda: no_way_back(plan)
    yield "Landlock", lambda: fence(plan)
    yield "seccomp", seccomp.apply


def enter(plan: Plan) -> None:
    """Makes this process the sandbox of one run, its descriptors as `keep_only` left them. Raises SandboxFailed."""
    for layer, apply in steps(plan):
        try:
            apply()
        except (OSError, ValueError) as error:
            raise SandboxFailed(f"{layer}: {error}") from error
