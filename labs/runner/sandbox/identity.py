"""Who a run is: a host user of its own where the runner may choose one, a user namespace that owns nothing, and no
capability, now or ever again."""

import ctypes
import os

from labs.runner.sandbox import syscalls

CAPABILITY_VERSION = 0x20080522
# NOROOT, NO_SETUID_FIXUP and NO_CAP_AMBIENT_RAISE, each locked, KEEP_CAPS locked off: uid 0 would mean nothing either.
SECUREBITS = 0b11101111


class CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class CapData(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def become(uid: int) -> None:
    """Leaves root for `uid` and the group of the same number, with no other group."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def map_only(own_proc: int, inside: int, uid: int, gid: int) -> None:
    """Enters a user namespace in which one user exists: `inside`, who is `uid` outside. `own_proc` is a descriptor of
    this process's own folder in a writable /proc."""
    syscalls.unshare(syscalls.CLONE_NEWUSER)
    lines = (("setgroups", "deny"), ("gid_map", f"{inside} {gid} 1"), ("uid_map", f"{inside} {uid} 1"))
    for name, line in lines:
        descriptor = os.open(name, os.O_WRONLY | os.O_CLOEXEC, dir_fd=own_proc)
        os.write(descriptor, line.encode())
        os.close(descriptor)


def drop_bounding() -> None:
    """No program could ever give a capability back. Asks the kernel for each number until it knows no more."""
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
