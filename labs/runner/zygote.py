"""A warm runner: one process that has imported TensorFlow without running an operation, and forks a sandboxed child per run.

    python -m labs.runner.zygote      control socket on descriptor 0; its first packet holds the Settings

Forking after the import is safe only while this process has exactly one thread and has not run an operation. It asserts the
first condition before every fork, and meets the second because it never runs one. It does not hold secrets, and it
runs in the private root itself. Packets are JSON, one per send:

    supervisor → {"id", "plan", "runtime", "seed"} + [output, channel, set-up]     → {"forked": id} + [pidfd] |
    {"refused": id, "reason"}
                                                                           … {"ended": id, "status": exit code or
                                                                           -signal}
"""

import gc
import importlib
import json
import os
import pkgutil
import selectors
import signal
import socket
import traceback
from dataclasses import dataclass, field
from typing import NoReturn

from labs.runner.sandbox import identity, root, syscalls
from labs.runner.sandbox.enter import CHANNEL, SETUP, SandboxFailed, SandboxPlan, enter, keep_only
from labs.runner.sandbox.syscalls import CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWPID

PACKET_BYTES = 64 << 10
CONTROL = 0
FAILED = 70


@dataclass(frozen=True)
class ZygoteSettings:
    """`root` is an empty folder for the private root; `runtimes` are the runtimes to warm up, empty to try the tier
    only. `devices` are the nodes of a GPU, if runs may use one.

    Settings arrive on the control socket, because a run could read this process's arguments and initial environment as
    its own.
    """

    tier: str
    root: str
    data: str
    runtimes: list[str]
    cache: str = ""
    devices: list[str] = field(default_factory=list)


def isolate(settings: ZygoteSettings) -> None:
    """Give the warm runner its own namespaces, before anything is imported.

    The process that returns is process 1 of a process namespace, so its end also ends every run in it.
    """
    if settings.tier == "bare":
        return
    if settings.tier == "user":
        own_proc = os.open("/proc/self", os.O_DIRECTORY)
        identity.map_only(own_proc, 0, os.geteuid(), os.getegid())
        os.close(own_proc)
    syscalls.unshare(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWNET)
    inner = os.fork()
    if inner:
        wait_and_follow(inner)
    die_with_parent()


def wait_and_follow(pid: int) -> None:
    os.closerange(0, 1)
    _, status = os.waitpid(pid, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def die_with_parent() -> None:
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)


def warm_up(settings: ZygoteSettings) -> None:
    if settings.runtimes:
        os.environ["MPLCONFIGDIR"] = settings.cache
        import labs.runner.child  # noqa: F401 - imported before the fork, used after it
        from labs.runner import kernel

        for runtime in settings.runtimes:
            kernel.warm(runtime, has_gpu=bool(settings.devices))
        # Import all modules of ours now, so that runs need not do it after their fork.
        for module in pkgutil.iter_modules(kernel.__path__, "labs.runner.kernel."):
            importlib.import_module(module.name)
    if settings.tier != "bare":
        root.enter(settings.root, settings.data, settings.devices)
    # The garbage collector never touches frozen objects, so their pages stay shared with every fork.
    gc.collect()
    gc.freeze()
    gc.disable()


class Zygote:
    """Answer the supervisor until it hangs up."""

    def __init__(self, settings: ZygoteSettings, control: socket.socket):
        self.settings, self.control = settings, control
        self.selector = selectors.DefaultSelector()
        self.selector.register(control, selectors.EVENT_READ, None)
        self.namespaced = settings.tier != "bare"
        self.proc = root.HOST_PROC if self.namespaced else "/proc"
        if self.namespaced:
            self.own_pids = os.open(f"{self.proc}/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)

    def serve(self) -> None:
        self.tell({"ready": True})
        while True:
            for key, _ in self.selector.select():
                if key.data is None:
                    self.answer()
                else:
                    self.bury(key.fileobj, *key.data)

    def tell(self, message: dict, descriptors: tuple[int, ...] = ()) -> None:
        socket.send_fds(self.control, [json.dumps(message).encode()], descriptors)

    def answer(self) -> None:
        packet, descriptors, _, _ = socket.recv_fds(self.control, PACKET_BYTES, 8)
        if not packet:
            os._exit(0)
        request = json.loads(packet)
        try:
            self.fork(request, descriptors)
        except OSError as error:
            self.tell({"refused": request["id"], "reason": str(error)})
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def fork(self, request: dict, descriptors: list[int]) -> None:
        threads = len(os.listdir(f"{self.proc}/self/task"))
        if threads != 1:
            self.tell({"refused": request["id"], "reason": f"{threads} threads in the warm runner"})
            return
        pid = self.fork_into_new_pids() if self.namespaced else os.fork()
        if pid == 0:
            self.become_run(request, descriptors)
        pidfd = os.pidfd_open(pid)
        self.selector.register(pidfd, selectors.EVENT_READ, (pid, request["id"]))
        self.tell({"forked": request["id"]}, (pidfd,))

    def fork_into_new_pids(self) -> int:
        """Fork a child that is process 1 of a new namespace, while this process stays in its own."""
        syscalls.unshare(CLONE_NEWPID)
        try:
            pid = os.fork()
        except OSError:
            syscalls.setns(self.own_pids, CLONE_NEWPID)
            raise
        if pid:
            syscalls.setns(self.own_pids, CLONE_NEWPID)
        return pid

    def become_run(self, request: dict, descriptors: list[int]) -> NoReturn:
        try:
            keep_only(*descriptors)
            enter(SandboxPlan(**request["plan"]))
            os.write(SETUP, b"ready\n")
            if self.settings.runtimes:
                from labs.runner.child import live

                live(SandboxPlan(**request["plan"]), request["runtime"], request["seed"])
            os.read(CHANNEL, 1)
        except SandboxFailed as error:
            os.write(SETUP, f"failed {error}\n".encode())
        except BaseException:  # noqa: BLE001 - whatever it is, it must not unwind into the warm runner's loop in a forked copy of it
            traceback.print_exc()
        finally:
            os._exit(FAILED)

    def bury(self, pidfd: int, pid: int, run: str) -> None:
        _, status = os.waitpid(pid, 0)
        self.selector.unregister(pidfd)
        os.close(pidfd)
        self.tell({"ended": run, "status": os.waitstatus_to_exitcode(status)})


def main() -> None:
    die_with_parent()
    control = socket.socket(fileno=os.dup(CONTROL))
    settings = ZygoteSettings(**json.loads(control.recv(PACKET_BYTES)))
    try:
        isolate(settings)
        warm_up(settings)
    except OSError as error:
        control.send(json.dumps({"failed": str(error)}).encode())
        os._exit(1)
    Zygote(settings, control).serve()


if __name__ == "__main__":
    main()
