"""The private root: a small tmpfs that holds read-only views of the system, the packages and the data, and nothing else
of the host. A warm runner moves into it once, after its imports; each run then only adds its own work folder and /proc."""

import os
import sysconfig

from labs.runner.sandbox import syscalls
from labs.runner.sandbox.syscalls import MS_BIND, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_PRIVATE, MS_RDONLY, MS_REC

KERNEL = os.path.join(os.path.dirname(os.path.dirname(__file__)), "kernel")
# The host's own /proc, for a warm runner alone: a run detaches it before any of its code runs.
HOST_PROC = "/.proc"
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
# Libraries and their data, and nothing else of /usr, where an application may be installed too.
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
# A file that is mounted and that Landlock does not allow: shows from inside that Landlock itself denies.
SEALED = "/sealed"
# Where nobody's project is, since those are shown at their own paths.
HOME = "/run/lab"
WORK, TEMPORARY, DATA = f"{HOME}/work", f"{HOME}/tmp", f"{HOME}/data"
TEMPORARY_BYTES = 16 << 20
INODES = 2048


def packages() -> list[str]:
    """Where this Python's modules and packages live, outermost folders only."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    named = {sysconfig.get_path(name) for name in names} | {os.path.dirname(os.__file__), KERNEL}
    found = named | {os.path.realpath(each) for each in named}
    inside = tuple(f"{each}/" for each in (*SYSTEM, *found))
    return sorted(each for each in found if os.path.isdir(each) and not each.startswith(inside))


def readable() -> list[str]:
    """What a learner's process may read, beside its work folder and the data."""
    return [*SYSTEM, *packages(), *DEVICES]


def show(path: str, root: str, at: str | None = None, flags: int = MS_NODEV) -> None:
    """Makes `path` of the host visible below `root`, read-only. A symlink (/lib on a merged /usr) stays one."""
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


def enter(root: str, data: str) -> None:
    """Builds the private root on the empty folder `root` and moves this process into it. The caller already has a mount
    namespace of its own."""
    syscalls.mount("", "/", flags=MS_REC | MS_PRIVATE)
    syscalls.mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,nr_inodes=1024,mode=0755")
    for path in filter(os.path.lexists, (*SYSTEM, *packages())):
        show(path, root)
    for path in DEVICES:
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
    """Gives one run its own /proc, which shows its own processes and no kernel file, and two sized folders to write in."""
    hardened = MS_NOSUID | MS_NODEV | MS_NOEXEC
    syscalls.mount("proc", "/proc", "proc", hardened | MS_RDONLY, "subset=pid")
    syscalls.detach(HOST_PROC)
    for folder, size in ((WORK, work_bytes), (TEMPORARY, TEMPORARY_BYTES)):
        options = f"size={size},nr_inodes={INODES},mode=0700,uid={owner},gid={owner}"
        syscalls.mount("tmpfs", folder, "tmpfs", hardened, options)
