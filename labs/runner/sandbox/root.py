"""The private root: a small tmpfs with read-only views of the system, the packages and the data, without anything else of
the host.

A warm runner moves into it once, after its imports. Each run then only adds its own work folder and /proc.
"""

import os
import sysconfig
from collections.abc import Sequence
from contextlib import suppress

from labs.runner.sandbox import syscalls
from labs.runner.sandbox.syscalls import MS_BIND, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_PRIVATE, MS_RDONLY, MS_REC

KERNEL = os.path.join(os.path.dirname(os.path.dirname(__file__)), "kernel")
# The host's own /proc, only for the warm runner: a run detaches it before any learner code runs.
HOST_PROC = "/.proc"
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
# Only the libraries and their data from /usr, because an application may be installed there too.
SYSTEM = (
    "/usr/lib",
    "/usr/lib64",
    "/usr/lib32",
    "/usr/share",
    "/usr/local/lib",
    "/lib",
    "/lib64",
    "/lib32",
    "/etc/ld.so.cache",
    "/etc/fonts",
    "/etc/localtime",
)
# A file that is mounted but that Landlock denies. It shows from inside that Landlock itself works.
SEALED = "/sealed"
# The run's home: a path that projects do not use, because packages are shown at their own paths.
HOME = "/run/lab"
WORK, TEMPORARY, DATA = f"{HOME}/work", f"{HOME}/tmp", f"{HOME}/data"
TEMPORARY_BYTES = 16 << 20
INODES = 2048


def packages() -> list[str]:
    """Return the folders with this Python's modules and packages, outermost folders only."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    named = {sysconfig.get_path(name) for name in names} | {os.path.dirname(os.__file__), KERNEL}
    folders = named | {os.path.realpath(folder) for folder in named}
    inside = tuple(f"{folder}/" for folder in (*SYSTEM, *folders))
    return sorted(folder for folder in folders if os.path.isdir(folder) and not folder.startswith(inside))


def readable() -> list[str]:
    """Return what a learner's process may read, besides its work folder and the data."""
    return [*SYSTEM, *packages(), *DEVICES]


def show(path: str, root: str, at: str | None = None, flags: int = MS_NODEV) -> None:
    """Make the host's `path` visible below `root`, read-only. A symlink (/lib on a merged /usr) remains a symlink."""
    target = f"{root}{at or path}"
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(path) and at is None:
        os.symlink(os.readlink(path), target)
        return
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o444))
    syscalls.mount(path, target, flags=MS_BIND | MS_REC)
    attributes = syscalls.MOUNT_ATTR_RDONLY | syscalls.MOUNT_ATTR_NOSUID
    syscalls.add_mount_flags(target, attributes | (syscalls.MOUNT_ATTR_NODEV if flags & MS_NODEV else 0))
    keep_no_times(target)


def keep_no_times(target: str) -> None:
    """Keep the access times of files as they are: another run could see them.

    Only the kernel's own root may decide this about a mount of the host.
    """
    with suppress(PermissionError):
        syscalls.add_mount_flags(target, syscalls.MOUNT_ATTR_NOATIME, without=syscalls.MOUNT_ATTR_ATIME)


def enter(root: str, data: str, devices: Sequence[str] = ()) -> None:
    """Build the private root on the empty folder `root` and move this process into it.

    The caller already has its own mount namespace. `devices` are the nodes of a GPU.
    """
    syscalls.mount("", "/", flags=MS_REC | MS_PRIVATE)
    syscalls.mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,nr_inodes=1024,mode=0755")
    for path in filter(os.path.lexists, (*SYSTEM, *packages())):
        show(path, root)
    for path in (*DEVICES, *devices):
        show(path, root, flags=0)
    show(data, root, at=DATA)
    for folder in (WORK, TEMPORARY, HOST_PROC, "/proc"):
        os.makedirs(root + folder, exist_ok=True)
    if not os.path.exists(f"{root}/tmp"):
        os.symlink(TEMPORARY, f"{root}/tmp")
    with open(root + SEALED, "w") as sealed:
        sealed.write("mounted, and not allowed")
    syscalls.mount("/proc", root + HOST_PROC, flags=MS_BIND | MS_REC)
    os.chdir(root)
    syscalls.pivot_root(".", ".")
    syscalls.detach(".")
    os.chdir("/")
    syscalls.mount("", "/", flags=syscalls.MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)


def furnish(owner: int, work_bytes: int) -> None:
    """Give one run its own /proc, which shows only its own processes without files of the kernel, and two size-limited writable folders."""
    hardened = MS_NOSUID | MS_NODEV | MS_NOEXEC
    syscalls.mount("proc", "/proc", "proc", hardened | MS_RDONLY, "subset=pid")
    syscalls.detach(HOST_PROC)
    for folder, size in ((WORK, work_bytes), (TEMPORARY, TEMPORARY_BYTES)):
        options = f"size={size},nr_inodes={INODES},mode=0700,uid={owner},gid={owner}"
        syscalls.mount("tmpfs", folder, "tmpfs", hardened, options)
