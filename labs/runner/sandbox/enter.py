"""Apply every layer to the forked child, in the only order that works, and report which layer failed."""

import ctypes
import fcntl
import os
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from labs.runner.sandbox import ceilings, identity, landlock, root, seccomp, syscalls
from labs.runner.sandbox.syscalls import CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWUTS

# The descriptors that the child keeps: /dev/null, output twice, the channel, the set-up report. No other copy of the
# warm runner's descriptors survives.
CHANNEL, SETUP = 3, 4
# Where the arguments begin and end, in /proc/PID/stat behind the name of the program.
ARGUMENTS = (45, 46)


class SandboxFailed(Exception):
    """A layer could not be applied; the message names it. The child ends without running anything."""


@dataclass(frozen=True)
class SandboxPlan:
    """The sandbox of one run: `tier` is root, user or bare; `uid` is its own user; folders are as seen from inside;
    sizes are in bytes.
    """

    tier: str
    uid: int
    work: str
    temporary: str
    data: str
    memory_bytes: int
    disk_bytes: int
    threads: int
    # Threads that already count against this user, if no user namespace keeps a separate count.
    other_threads: int = 0
    # The device nodes of a GPU, if runs may use one.
    devices: tuple[str, ...] = ()


def keep_only(output: int, channel: int, setup: int) -> None:
    """Keep /dev/null, output twice, the channel and the set-up report; close every other descriptor."""
    wanted = (os.open("/dev/null", os.O_RDONLY), output, output, channel, setup)
    # Move the descriptors away from the numbers that they will get.
    above = [fcntl.fcntl(kept, fcntl.F_DUPFD, 16) for kept in wanted]
    for number, descriptor in enumerate(above):
        os.dup2(descriptor, number)
    os.closerange(SETUP + 1, 1 << 20)


def make_private_root(plan: SandboxPlan) -> None:
    syscalls.unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET)
    socket.sethostname("lab")
    root.furnish(plan.uid if plan.tier == "root" else os.geteuid(), plan.disk_bytes)


def become_user(plan: SandboxPlan, own_proc: int) -> None:
    """Take on the run's user.

    In a tier with namespaces, the user namespace of the run does not own the others, so a capability regained inside it is
    useless.
    """
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


def blank_arguments() -> None:
    """Overwrite the arguments that this process was started with: they name a folder of the host."""
    with open("/proc/self/stat") as file:
        fields = file.read().rpartition(") ")[2].split()
    start, end = (int(fields[number]) for number in ARGUMENTS)
    ctypes.memset(start, 0, end - start)


def give_up_privileges(plan: SandboxPlan) -> None:
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    # Without a size-limited folder, the watchdog must see which deleted files are still open. Landlock keeps other runs
    # out.
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1 if plan.tier == "bare" else 0)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)


def fence(plan: SandboxPlan) -> None:
    listable = [] if plan.tier == "bare" else ["/proc"]
    readable = [*root.readable(), plan.data, *own_proc_files(plan)]
    if plan.tier == "bare":
        keep_in_memory(own_proc_files(plan))
    landlock.apply(listable, readable, [plan.work, plan.temporary], plan.devices)


def keep_in_memory(paths: list[str]) -> None:
    """Leave these files open. Where /proc cannot be listed, a rule is about the file that the kernel has in memory.

    Short of memory, the kernel forgets a file in /proc that is not open, and makes another one for the next reader.
    """
    for path in filter(os.path.exists, paths):
        os.open(path, os.O_PATH | os.O_CLOEXEC)


def own_proc_files(plan: SandboxPlan) -> list[str]:
    """Return the files in /proc about itself that this process may read.

    Its mounts, control group and initial environment would reveal paths of the host.
    """
    private = () if plan.tier == "bare" else ("uid_map", "gid_map", "net", "comm", "limits")
    names = ("status", "stat", "statm", "cmdline", "maps", "fd", *private)
    return [f"/proc/{os.getpid()}/{name}" for name in names]


def hand_over_work(plan: SandboxPlan) -> None:
    """Send the supervisor a descriptor of the work folder, so that it can read and write the run's files even if mounts change."""
    work = os.open(plan.work, os.O_RDONLY | os.O_DIRECTORY)
    with socket.socket(fileno=os.dup(SETUP)) as setup:
        socket.send_fds(setup, [b"work\n"], [work])
    os.close(work)
    os.chdir(plan.work)


def steps(plan: SandboxPlan) -> Iterator[tuple[str, Callable[[], None]]]:
    own_proc = os.open(f"{root.HOST_PROC}/self", os.O_DIRECTORY) if plan.tier != "bare" else -1
    yield "session", os.setsid
    if plan.tier != "bare":
        yield "namespaces and private root", lambda: make_private_root(plan)
    yield "arguments", blank_arguments
    yield "work folder", lambda: hand_over_work(plan)
    yield "user and capabilities", lambda: become_user(plan, own_proc)
    yield "descriptors", lambda: os.closerange(SETUP + 1, 1 << 20)
    threads = plan.threads + plan.other_threads
    yield "ceilings", lambda: ceilings.apply(plan.memory_bytes, plan.disk_bytes, threads, has_gpu=bool(plan.devices))
    yield "no new privileges", lambda: give_up_privileges(plan)
    yield "Landlock", lambda: fence(plan)
    yield "seccomp", lambda: seccomp.apply(changes_attributes=plan.tier != "bare", has_gpu=bool(plan.devices))


def enter(plan: SandboxPlan) -> None:
    """Turn this process into the sandbox of one run, with the descriptors that `keep_only` left. Raises SandboxFailed."""
    for layer, apply in steps(plan):
        try:
            apply()
        except (OSError, ValueError) as error:
            raise SandboxFailed(f"{layer}: {error}") from error
