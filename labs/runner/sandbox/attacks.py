"""Attacks that a sandbox must defeat, tried by every runner on itself before it takes work, and by the tests as a learner
would. Each is a function of the planted canaries that returns what it gained, or None, or raises; each works outside a
sandbox, which the tests show too, so that a failure to attack proves the sandbox and not the attack.

Canaries: {"secret": path of a file, "folder": path of a folder others may write to, "port": a listening TCP port,
"program": a module of the runner's own, "named": path of a listening unix socket, "abstract": name of one, "pid": a
process of ours, "variable": a name that is in that process's environment}. Every function is self-contained, because
tests send its source as a learner's code.
"""

import inspect
from collections.abc import Callable


def read_a_secret_file(canaries):
    with open(canaries["secret"]) as file:
        return file.read()


def read_our_own_program(canaries):
    with open(canaries["program"]) as file:
        return file.readline()


def list_the_folder_of_a_secret(canaries):
    import os

    return os.listdir(os.path.dirname(canaries["secret"])) or None


def reach_a_secret_through_another_root(canaries):
    import os

    for way in (
        "/proc/1/root",
        "/proc/self/root",
        f"/proc/{canaries['pid']}/root",
        "/proc/self/cwd/../..",
        "/.proc/1/root",
    ):
        if os.path.exists(way + canaries["secret"]):
            with open(way + canaries["secret"]) as file:
                return file.read()
    return None


def read_the_users_of_the_host(canaries):
    with open("/etc/passwd") as file:
        return file.read()


def read_the_environment_of_our_process(canaries):
    with open(f"/proc/{canaries['pid']}/environ", "rb") as file:
        return "found" if canaries["variable"].encode() in file.read() else None


def look_for_a_variable_in_every_process(canaries):
    import os

    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/environ", "rb") as file:
                if canaries["variable"].encode() in file.read():
                    return name
        except OSError:
            continue
    return None


def see_our_process(canaries):
    import os

    return os.readlink(f"/proc/{canaries['pid']}/exe")


def read_the_memory_of_our_process(canaries):
    with open(f"/proc/{canaries['pid']}/maps") as file:
        maps = file.readline()
    with open(f"/proc/{canaries['pid']}/mem", "rb", buffering=0) as memory:
        memory.seek(int(maps.split("-")[0], 16))
        return memory.read(4).hex()


def copy_memory_by_system_call(canaries):
    import ctypes

    with open(f"/proc/{canaries['pid']}/maps") as file:
        start = int(file.readline().split("-")[0], 16)
    into = ctypes.create_string_buffer(8)
    local = (ctypes.c_size_t * 2)(ctypes.addressof(into), 8)
    remote = (ctypes.c_size_t * 2)(start, 8)
    return "copied" if ctypes.CDLL(None).process_vm_readv(canaries["pid"], local, 1, remote, 1, 0) > 0 else None


def trace_our_process(canaries):
    import ctypes

    libc = ctypes.CDLL(None)
    pid, seize, detach, interrupt = canaries["pid"], 0x4206, 17, 0x4207
    if libc.ptrace(seize, pid, None, None) == 0:
        libc.ptrace(interrupt, pid, None, None)
        libc.waitpid(pid, None, 0x40000000)
        libc.ptrace(detach, pid, None, None)
        return "traced"
    return None


def signal_our_process(canaries):
    import os

    os.kill(canaries["pid"], 0)
    return "could signal"


def signal_everyone(canaries):
    import os

    os.kill(-1, 0)
    return "could signal"


def hold_our_process_by_descriptor(canaries):
    import os

    return str(os.pidfd_open(canaries["pid"]))


def connect_to_a_port(canaries):
    import socket

    return str(socket.create_connection(("127.0.0.1", canaries["port"]), timeout=2))


def listen_on_a_port(canaries):
    import socket

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return str(listener.getsockname())


def send_a_datagram(canaries):
    import socket

    return str(socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"out", ("127.0.0.1", canaries["port"])))


def connect_to_a_named_socket(canaries):
    import socket

    socket.socket(socket.AF_UNIX).connect(canaries["named"])
    return "connected"


def connect_to_an_abstract_socket(canaries):
    import socket

    socket.socket(socket.AF_UNIX).connect("\0" + canaries["abstract"])
    return "connected"


def make_a_datagram_pair(canaries):
    import socket

    return str(socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM))


def talk_to_the_kernel_by_netlink(canaries):
    import socket

    return str(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))


def open_a_virtual_machine_socket(canaries):
    import socket

    return str(socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM))


def write_beside_a_secret(canaries):
    import os

    path = os.path.join(canaries["folder"], "written")
    with open(path, "w") as file:
        file.write("was here")
    return path


def write_into_the_packages(canaries):
    import os
    import sys

    path = os.path.join(sys.prefix, "written-by-a-run")
    with open(path, "w"):
        pass
    os.unlink(path)
    return path


def open_the_kernel_for_writing(canaries):
    import os

    for path in (
        "/proc/sys/kernel/core_pattern",
        "/proc/sysrq-trigger",
        "/proc/self/oom_score_adj",
        "/sys/power/state",
    ):
        try:
            return str(os.open(path, os.O_WRONLY))
        except OSError:
            continue
    return None


def read_the_kernel(canaries):
    for path in ("/proc/kallsyms", "/proc/modules", "/proc/config.gz", "/proc/keys", "/proc/cmdline", "/proc/mounts"):
        try:
            with open(path, "rb") as file:
                return file.read(16).hex() + path
        except OSError:
            continue
    return None


def link_to_a_secret(canaries):
    import os

    os.symlink(canaries["secret"], "link")
    return os.readlink("link")


def give_a_secret_another_name(canaries):
    import os

    with open("mine", "w"):
        pass
    os.link("mine", "mine-too")
    return "linked"


def make_a_pipe_with_a_name(canaries):
    import os

    os.mkfifo("pipe")
    return "made"


def fork_a_process(canaries):
    import os
    from contextlib import suppress

    pid = os.fork()
    if pid == 0:
        os._exit(0)
    with suppress(OSError):
        os.waitpid(pid, 0)
    return "forked"


def fork_by_raw_system_call(canaries):
    import ctypes
    import os
    from contextlib import suppress

    pid = ctypes.CDLL(None).syscall(57)
    if pid == 0:
        os._exit(0)
    with suppress(OSError):
        os.waitpid(pid, 0)
    return "forked" if pid > 0 else None


def start_a_program(canaries):
    import subprocess

    return subprocess.run(["/bin/true"], check=True).args[0]


def replace_this_program(canaries):
    import ctypes

    # EFAULT would mean that the call was let through and only its arguments were bad.
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall(59, None, None, None)
    return "let through" if ctypes.get_errno() == 14 else None


def make_a_user_namespace(canaries):
    import ctypes

    # A flag that does not exist: EINVAL would mean that the call was let through.
    libc = ctypes.CDLL(None, use_errno=True)
    libc.unshare(1)
    return "let through" if ctypes.get_errno() == 22 else None


def make_calls_nobody_needs(canaries):
    """Each with arguments that a kernel which listens answers with another error than EPERM or ENOSYS."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    numbers = {
        "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "io_uring_setup": 425, "io_uring_enter": 426,
        "memfd_create": 319, "add_key": 248, "keyctl": 250, "open_by_handle_at": 304, "name_to_handle_at": 303,
        "process_vm_readv": 310, "kcmp": 312, "setns": 308, "mount_setattr": 442, "fsopen": 430, "move_mount": 429,
        "pidfd_open": 434, "pidfd_getfd": 438, "sendmsg": 46, "recvmsg": 47, "sendmmsg": 307, "shmget": 29,
        "msgget": 68, "semget": 64, "mq_open": 240, "inotify_init1": 294, "timer_create": 222, "signalfd4": 289,
        "rt_sigqueueinfo": 129, "process_madvise": 440, "landlock_create_ruleset": 444, "seccomp": 317,
    }  # fmt: skip
    bad = ctypes.c_long(-1)
    passed = []
    for name, number in numbers.items():
        ctypes.set_errno(0)
        result = libc.syscall(number, bad, bad, bad, bad, bad)
        if result >= 0 or ctypes.get_errno() not in (1, 38):
            passed.append(name)
    return ", ".join(passed) or None


def share_memory_that_no_watchdog_sees(canaries):
    import mmap

    return str(mmap.mmap(-1, 4096))


def raise_a_ceiling(canaries):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft - 1, hard))
    return "changed"


def outlive_the_warm_runner(canaries):
    import ctypes

    return "changed" if ctypes.CDLL(None).prctl(1, 0, 0, 0, 0) == 0 else None


def push_input_into_a_terminal(canaries):
    import ctypes
    import os

    # TIOCSTI on a descriptor that is no terminal: ENOTTY would mean that the request was let through.
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ioctl(os.open(".", os.O_RDONLY), 0x5412, ctypes.byref(ctypes.c_char(b"x")))
    return "let through" if ctypes.get_errno() == 25 else None


def open_what_is_mounted_and_sealed(canaries):
    import os

    # Only Landlock denies the sealed file of a private root; where there is none, a secret stands for it.
    with open("/sealed" if os.path.exists("/sealed") else canaries["secret"]) as file:
        return file.read()


def list_the_root(canaries):
    import os

    return os.listdir("/")


def see_traffic_on_an_interface(canaries):
    with open("/proc/self/net/dev") as file:
        lines = [line.split() for line in file.readlines()[2:]]
    return [line[0] for line in lines if line[0] != "lo:" or line[1] != "0"] or None


def have_a_capability(canaries):
    with open("/proc/self/status") as file:
        effective = next(line.split()[1] for line in file if line.startswith("CapEff"))
    return effective.strip("0") or None


def be_root(canaries):
    import os

    return "root" if 0 in os.getresuid() + os.getresgid() else None


CATALOGUE: dict[str, Callable[[dict], object]] = {
    name: found for name, found in list(globals().items()) if inspect.isfunction(found)
}


def attempt(name: str, canaries: dict) -> str | None:
    """What the attack gained, as text; None if it was defeated."""
    try:
        found = CATALOGUE[name](canaries)
    except (OSError, ValueError, AttributeError, RuntimeError):
        return None
    return None if found is None else str(found)
