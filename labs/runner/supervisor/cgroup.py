"""Control groups, one per run, if the host grants them.

They count memory that an outside view cannot (page cache, kernel memory, pages of deleted files). Both cgroup versions
work. If the host does not grant them, the reason is reported and only the watchdog limits runs.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from labs.runner.protocol import RunLimits

# Room above the memory limit, which the watchdog enforces exactly, for the work folder's pages and the kernel's own.
SLACK_BYTES = 256 << 20
NAME = "finalcheck-lab"


class NotGranted(Exception):
    """The host does not let this user make control groups with these controllers."""


@dataclass(frozen=True)
class Version:
    """The names of a version's files for limits and counts.

    `swap_limit` limits memory and swap together in version 1, and swap alone in version 2.
    """

    number: int
    memory_limit: str
    swap_limit: str
    events: str


V1 = Version(1, "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.oom_control")
V2 = Version(2, "memory.max", "memory.swap.max", "memory.events")


@dataclass(frozen=True)
class Groups:
    """`memory` and `pids` are our folders, in which runs' groups are made; in version 2 they are the same folder."""

    version: Version
    memory: Path
    pids: Path
    late: set[Path] = field(default_factory=set)

    def make(self, name: str, pid: int, limits: RunLimits) -> Callable[[], bool]:
        """Put the process into a new group.

        The returned function tells whether the kernel killed in this group for lack of memory.

        Our own folders are made again if they are gone: a runner that starts where it cannot see our process, as in
        another container, takes them for leftovers.
        """
        for folder in {self.memory, self.pids}:
            if not folder.exists():
                make_folder(folder, self.version)
        group = self.memory / name
        for folder in {group, self.pids / name}:
            folder.mkdir()
        limit_memory(group, self.version, limits.memory_bytes + limits.disk_bytes + SLACK_BYTES)
        (self.pids / name / "pids.max").write_text(str(limits.threads + 1))
        for folder in {group, self.pids / name}:
            (folder / "cgroup.procs").write_text(str(pid))
        return lambda: "oom_kill 0" not in (group / self.version.events).read_text().splitlines()

    def remove(self, name: str) -> None:
        """Remove a group after its process has ended.

        The kernel may need a little longer to end the process. A group that cannot be removed yet is tried again at the
        next removal.
        """
        self.late.update((self.memory / name, self.pids / name))
        for folder in list(self.late):
            try:
                folder.rmdir()
            except FileNotFoundError:
                self.late.discard(folder)
            except OSError:
                continue
            else:
                self.late.discard(folder)

    def close(self) -> None:
        for folder in {self.memory, self.pids}:
            remove_tree(folder)


def limit_memory(group: Path, version: Version, most: int) -> None:
    """Limit the group's memory, and forbid swap, which would otherwise come on top of the limit."""
    (group / version.memory_limit).write_text(str(most))
    swap = group / version.swap_limit
    if swap.exists():  # not on a kernel that does not count swap
        swap.write_text(str(most if version is V1 else 0))


def remove_tree(folder: Path) -> None:
    """Remove a folder and the empty groups in it. Another runner may remove them at the same time."""
    with suppress(OSError):
        for group in filter(Path.is_dir, folder.iterdir()):
            with suppress(OSError):
                group.rmdir()
    with suppress(OSError):
        folder.rmdir()


def memberships() -> dict[str, str]:
    """Return the group this process is in, by controller ("" for version 2)."""
    lines = Path("/proc/self/cgroup").read_text().splitlines()
    return {names: path for _, names, path in (line.split(":", 2) for line in lines)}


def mounted(kind: str, controller: str) -> Path | None:
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, point, mounted_kind, options, *_ = line.split()
        if mounted_kind == kind and (kind == "cgroup2" or controller in options.split(",")):
            return Path(point)
    return None


def make_folder(folder: Path, version: Version) -> None:
    """Make a folder in which groups of runs can be made."""
    folder.mkdir(exist_ok=True)
    if version is V2:
        (folder / "cgroup.subtree_control").write_text("+memory +pids")


def own_folder(base: Path, version: Version) -> Path:
    """Make a folder for this runner below its own group, and remove the folders of runners that are gone."""
    for other in base.glob(f"{NAME}-*"):
        if not os.path.exists(f"/proc/{other.name.rpartition('-')[2]}"):
            remove_tree(other)
    folder = base / f"{NAME}-{os.getpid()}"
    make_folder(folder, version)
    return folder


def find() -> Groups:
    """Return the groups. Raises NotGranted with the reason if the host does not grant them."""
    try:
        groups = find_v1() or find_v2()
    except OSError as error:
        raise NotGranted(str(error)) from error
    if groups is None:
        raise NotGranted("no memory and pids controllers here")
    return groups


def find_v1() -> Groups | None:
    member = memberships()
    folders = []
    for controller in ("memory", "pids"):
        mount = mounted("cgroup", controller)
        if mount is None or controller not in member:
            return None
        folders.append(own_folder(mount / member[controller].lstrip("/"), V1))
    return Groups(V1, *folders)


def find_v2() -> Groups | None:
    """Return version 2's groups.

    The host must have delegated this group; we move into a leaf of it, because only leaves may hold processes.
    """
    mount = mounted("cgroup2", "")
    base = mount / memberships().get("", "/").lstrip("/") if mount else None
    if base is None or not {"memory", "pids"} <= set((base / "cgroup.controllers").read_text().split()):
        return None
    leaf = base / f"{NAME}-supervisor"
    leaf.mkdir(exist_ok=True)
    (leaf / "cgroup.procs").write_text(str(os.getpid()))
    try:
        (base / "cgroup.subtree_control").write_text("+memory +pids")
        folder = own_folder(base, V2)
    except OSError:
        (base / "cgroup.procs").write_text(str(os.getpid()))
        leaf.rmdir()
        raise
    return Groups(V2, folder, folder)
