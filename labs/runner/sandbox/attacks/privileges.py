"""Attacks that gain processes, memory, system calls or privileges."""


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
    """Try calls that labs do not need.

    With these arguments, a kernel that allows a call answers with an error other than EPERM or ENOSYS.
    """
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    numbers = {
        "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "io_uring_setup": 425, "io_uring_enter": 426,
        "memfd_create": 319, "add_key": 248, "keyctl": 250, "open_by_handle_at": 304, "name_to_handle_at": 303,
        "process_vm_readv": 310, "kcmp": 312, "setns": 308, "mount_setattr": 442, "fsopen": 430, "move_mount": 429,
        "pidfd_open": 434, "pidfd_getfd": 438, "sendmsg": 46, "recvmsg": 47, "sendmmsg": 307, "shmget": 29,
        "msgget": 68, "semget": 64, "mq_open": 240, "inotify_init1": 294, "timer_create": 222, "signalfd4": 289,
        "chown": 92, "fchown": 93, "lchown": 94, "fchownat": 260, "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190,
        "removexattr": 197, "fremovexattr": 199, "utime": 132, "utimes": 235, "futimesat": 261, "fchmodat2": 452,
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


def map_more_than_any_program_needs(canaries):
    import mmap

    # Read-only mappings do not count as memory, but their page tables take one five-hundredth of their size.
    return str(mmap.mmap(-1, 1 << 40, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ))


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

    # TIOCSTI on a descriptor that is not a terminal: ENOTTY would mean that the request was let through.
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ioctl(os.open(".", os.O_RDONLY), 0x5412, ctypes.byref(ctypes.c_char(b"x")))
    return "let through" if ctypes.get_errno() == 25 else None


def open_what_is_mounted_and_sealed(canaries):
    import os

    # In a private root, only Landlock denies access to the file /sealed. Without a private root, use the secret
    # instead.
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
