"""The numbers of system calls, by processor, from the kernel's own tables (arch/x86/entry/syscalls/syscall_64.tbl, and
include/uapi/asm-generic/unistd.h for aarch64).

The older calls that open a file by its bare name, such as `open`, do not exist on aarch64; programs use `openat` there.
"""

import platform
from collections.abc import Mapping
from dataclasses import dataclass

# fmt: off
BOTH = {  # the number on x86_64, and on aarch64
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "fstat": (5, 80), "lseek": (8, 62), "mmap": (9, 222),
    "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "ioctl": (16, 29), "pread64": (17, 67),
    "pwrite64": (18, 68), "readv": (19, 65), "writev": (20, 66), "sched_yield": (24, 124), "mremap": (25, 216),
    "madvise": (28, 233), "dup": (32, 23), "nanosleep": (35, 101), "getitimer": (36, 102), "setitimer": (38, 103),
    "getpid": (39, 172), "sendfile": (40, 71), "sendto": (44, 206), "recvfrom": (45, 207), "shutdown": (48, 210),
    "getsockname": (51, 204), "socketpair": (53, 199), "getsockopt": (55, 209), "clone": (56, 220), "exit": (60, 93),
    "kill": (62, 129), "uname": (63, 160), "fcntl": (72, 25), "flock": (73, 32), "fsync": (74, 82),
    "fdatasync": (75, 83), "truncate": (76, 45), "ftruncate": (77, 46), "getcwd": (79, 17), "chdir": (80, 49),
    "fchdir": (81, 50), "fchmod": (91, 52), "umask": (95, 166), "gettimeofday": (96, 169), "getrlimit": (97, 163),
    "getrusage": (98, 165), "sysinfo": (99, 179), "times": (100, 153), "getuid": (102, 174), "getgid": (104, 176),
    "geteuid": (107, 175), "getegid": (108, 177), "getppid": (110, 173), "capset": (126, 91),
    "rt_sigpending": (127, 136), "sigaltstack": (131, 132), "statfs": (137, 43), "fstatfs": (138, 44),
    "sched_getparam": (143, 121), "sched_getscheduler": (145, 120), "sched_get_priority_max": (146, 125),
    "sched_get_priority_min": (147, 126), "pivot_root": (155, 41), "prctl": (157, 167), "gettid": (186, 178),
    "listxattr": (194, 11), "llistxattr": (195, 12), "flistxattr": (196, 13), "futex": (202, 98),
    "sched_getaffinity": (204, 123), "getdents64": (217, 61), "set_tid_address": (218, 96),
    "restart_syscall": (219, 128), "fadvise64": (221, 223), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115), "exit_group": (231, 94), "epoll_ctl": (233, 21), "tgkill": (234, 131),
    "openat": (257, 56), "mkdirat": (258, 34), "newfstatat": (262, 79), "unlinkat": (263, 35), "renameat": (264, 38),
    "readlinkat": (267, 78), "fchmodat": (268, 53), "faccessat": (269, 48), "pselect6": (270, 72), "ppoll": (271, 73),
    "set_robust_list": (273, 99), "get_robust_list": (274, 100), "utimensat": (280, 88), "epoll_pwait": (281, 22),
    "fallocate": (285, 47), "eventfd2": (290, 19), "epoll_create1": (291, 20), "dup3": (292, 24), "pipe2": (293, 59),
    "preadv": (295, 69), "pwritev": (296, 70), "prlimit64": (302, 261), "getcpu": (309, 168),
    "renameat2": (316, 276), "getrandom": (318, 278), "membarrier": (324, 283), "copy_file_range": (326, 285),
    "statx": (332, 291), "rseq": (334, 293), "openat2": (437, 437), "faccessat2": (439, 439),
    "mount_setattr": (442, 442), "landlock_create_ruleset": (444, 444), "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
}
ONLY_X86_64 = {
    "open": 2, "stat": 4, "lstat": 6, "poll": 7, "access": 21, "pipe": 22, "select": 23, "dup2": 33, "pause": 34,
    "alarm": 37, "rename": 82, "mkdir": 83, "rmdir": 84, "unlink": 87, "readlink": 89, "chmod": 90, "getpgrp": 111,
    "epoll_wait": 232,
}
# fmt: on


@dataclass(frozen=True)
class Processor:
    """A kind of processor: how the kernel names it to a filter (AUDIT_ARCH), its numbers, and the first number of another
    set that the kernel also understands under that name; None if it has only one.
    """

    audit: int
    numbers: Mapping[str, int]
    second_set: int | None = None


PROCESSORS = {
    "x86_64": Processor(0xC000003E, {name: both[0] for name, both in BOTH.items()} | ONLY_X86_64, 0x40000000),  # x32
    "aarch64": Processor(0xC00000B7, {name: both[1] for name, both in BOTH.items()}),
}
NO_SUCH_CALL = -1


def refuse_processor(machine: str) -> str | None:
    """Return why labs cannot run on this processor, or None."""
    if machine in PROCESSORS:
        return None
    known = " and ".join(PROCESSORS)
    return f"This processor is not supported for labs: {machine}. The sandbox knows the system calls of {known}."


def number_here(name: str) -> int:
    """Return the number of a call on this machine. On a processor that is not supported, every call fails."""
    here = PROCESSORS.get(platform.machine())
    return here.numbers[name] if here else NO_SUCH_CALL
