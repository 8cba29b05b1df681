"""The identity of a run: a host user for it alone if the runner may choose one, a user namespace that does not own any
other, and an empty set of capabilities, permanently.
"""

import ctypes
import os

from labs.runner.sandbox import syscalls

CAPABILITY_VERSION = 0x20080522
# NOROOT, NO_SETUID_FIXUP and NO_CAP_AMBIENT_RAISE, each locked, and KEEP_CAPS locked off: not even uid 0 gains a
# capability.
SECUREBITS = 0b11101111


class CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class CapData(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def become(uid: int) -> None:
    """Switch from root to the user `uid` and the group of the same number, without other groups."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def map_only(own_proc: int, inside: int, uid: int, gid: int) -> None:
    """Enter a user namespace with a single user: `inside`, who is `uid` outside.

    `own_proc` is a descriptor of this process's own folder in a writable /proc.
    """
    syscalls.unshare(syscalls.CLONE_NEWUSER)
    lines = (("setgroups", "deny"), ("gid_map", f"{inside} {gid} 1"), ("uid_map", f"{inside} {uid} 1"))
    for name, line in lines:
        descriptor = os.open(name, os.O_WRONLY | os.O_CLOEXEC, dir_fd=own_proc)
        os.write(descriptor, line.encode())
        os.close(descriptor)


def drop_bounding() -> None:
    """Drop the bounding set, so that programs cannot regain a capability. Tries numbers until the kernel does not know one."""
    for number in range(64):
        try:
            syscalls.prctl(syscalls.PR_CAPBSET_DROP, number)
        except OSError as error:
            if number < 30:
                raise OSError(error.errno, f"cannot drop capability {number}") from error
            return


def drop_capabilities() -> None:
    syscalls.prctl(syscalls.PR_CAP_AMBIENT, syscalls.PR_CAP_AMBIENT_CLEAR_ALL)
    header, nothing = CapHeader(CAPABILITY_VERSION, 0), (CapData * 2)()
    syscalls.call(syscalls.SYS_CAPSET, "capset", ctypes.byref(header), ctypes.byref(nothing))
