"""Landlock: restrict which files can be reached at all, regardless of mounts and owners.

Landlock does not need privileges, so it works on every tier. On newer kernels it also blocks TCP, abstract sockets and
signals to processes outside the sandbox.
"""

import ctypes
import os
from collections.abc import Iterable

from labs.runner.sandbox import syscalls

READ_FILE, READ_DIR, IOCTL_DEV = 1 << 2, 1 << 3, 1 << 15
WRITE_FILE, TRUNCATE = 1 << 1, 1 << 14
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG, REFER = 1 << 4, 1 << 5, 1 << 7, 1 << 8, 1 << 13
READ = READ_FILE | READ_DIR
# Only plain files and folders can be made: no execution, links, sockets, pipes or device files.
WRITE = READ | WRITE_FILE | TRUNCATE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER
ON_FILES = READ_FILE | WRITE_FILE | TRUNCATE
ON_DEVICES = READ_FILE | WRITE_FILE | IOCTL_DEV

LEAST_ABI = 3  # the first version that also restricts truncation
VERSION_FLAG, PATH_BENEATH = 1, 1


class Ruleset(ctypes.Structure):
    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"  # _pack_ implies this; newer Pythons require it to be explicit
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def abi() -> int:
    """Return the kernel's Landlock version. Raises OSError if the kernel lacks Landlock."""
    create = syscalls.SYS_LANDLOCK_CREATE_RULESET
    return syscalls.call(create, "landlock", None, 0, VERSION_FLAG)


def handled(version: int) -> Ruleset:
    """Return everything that this version can restrict."""
    files = (1 << 15) - 1 | (IOCTL_DEV if version >= 5 else 0)
    return Ruleset(fs=files, net=3 if version >= 4 else 0, scoped=3 if version >= 6 else 0)


def allow(ruleset: int, path: str, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        fitting = rights if os.path.isdir(path) else rights & (ON_FILES | IOCTL_DEV)
        rule = PathBeneath(allowed=fitting, parent=descriptor)
        add = syscalls.SYS_LANDLOCK_ADD_RULE
        syscalls.call(add, f"landlock {path}", ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)


def apply(
    listable: Iterable[str], readable: Iterable[str], writable: Iterable[str], devices: Iterable[str] = ()
) -> None:
    """Restrict this process to these paths, permanently.

    Folders in `listable` can only be listed. Paths that do not exist are skipped. Needs no_new_privs.
    """
    version = abi()
    if version < LEAST_ABI:
        raise OSError(f"Landlock ABI {version} is older than {LEAST_ABI}")
    attr = handled(version)
    create = syscalls.SYS_LANDLOCK_CREATE_RULESET
    ruleset = syscalls.call(create, "landlock", ctypes.byref(attr), ctypes.sizeof(attr), 0)
    on_devices = ON_DEVICES & attr.fs
    for paths, rights in ((listable, READ_DIR), (readable, READ), (writable, WRITE), (devices, on_devices)):
        for path in filter(os.path.exists, paths):
            allow(ruleset, path, rights)
    syscalls.call(syscalls.SYS_LANDLOCK_RESTRICT_SELF, "landlock", ruleset, 0)
    os.close(ruleset)
