"""Kernel calls that the standard library does not offer, through ctypes. Every failure is an OSError."""

import ctypes
import os

from labs.runner.sandbox.numbers import number_here

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV = 1, 2, 4
MOUNT_ATTR_NOATIME, MOUNT_ATTR_ATIME = 0x10, 0x70

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP = 1, 4, 22
PR_CAPBSET_DROP, PR_SET_SECUREBITS, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 24, 28, 38, 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

RESOLVE_NO_XDEV, RESOLVE_NO_MAGICLINKS, RESOLVE_NO_SYMLINKS, RESOLVE_BENEATH = 1, 2, 4, 8

SYS_CAPSET, SYS_PIVOT_ROOT, SYS_OPENAT2, SYS_MOUNT_SETATTR = map(
    number_here, ("capset", "pivot_root", "openat2", "mount_setattr")
)
SYS_LANDLOCK_CREATE_RULESET, SYS_LANDLOCK_ADD_RULE, SYS_LANDLOCK_RESTRICT_SELF = map(
    number_here, ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")
)

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


class OpenHow(ctypes.Structure):
    _fields_ = [("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64)]


class MountAttr(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("attr_set", "attr_clr", "propagation", "userns_fd")]


def checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def call(number: int, what: str, *arguments) -> int:
    """Make a raw system call; integers are passed as 64-bit words."""
    words = [ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments]
    return checked(libc.syscall(ctypes.c_long(number), *words), what)


def prctl(option: int, *arguments: int) -> int:
    words = [ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    return checked(libc.prctl(option, *words), f"prctl {option}")


def unshare(flags: int) -> None:
    checked(libc.unshare(flags), f"unshare {flags:#x}")


def setns(descriptor: int, kind: int) -> None:
    checked(libc.setns(descriptor, kind), f"setns {kind:#x}")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    texts = [text.encode() or None for text in (source, target, kind)]
    checked(libc.mount(*texts, ctypes.c_ulong(flags), options.encode() or None), f"mount {target}")


def detach(target: str) -> None:
    checked(libc.umount2(target.encode(), MNT_DETACH), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    call(SYS_PIVOT_ROOT, "pivot_root", new.encode(), old.encode())


def add_mount_flags(target: str, flags: int, without: int = 0) -> None:
    """Add flags to a mount and everything below it. Other flags stay, as a user namespace requires, except for `without`."""
    attr = MountAttr(attr_set=flags, attr_clr=without)
    words = (AT_FDCWD, target.encode(), AT_RECURSIVE, ctypes.byref(attr), ctypes.sizeof(attr))
    call(SYS_MOUNT_SETATTR, f"mount_setattr {target}", *words)


def open_beneath(folder: int, path: str, flags: int, mode: int = 0) -> int:
    """Open `path` below the directory descriptor.

    The call does not follow symlinks, leave the folder, cross a mount or block.
    """
    resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV
    how = OpenHow(flags=flags | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY, mode=mode, resolve=resolve)
    words = (folder, os.fsencode(path), ctypes.byref(how), ctypes.sizeof(how))
    return call(SYS_OPENAT2, f"open {path!r}", *words)
