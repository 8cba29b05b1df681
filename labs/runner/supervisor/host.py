"""What the machine offers: our user, the tiers that work, the memory that is left."""

import os
from pathlib import Path

from labs.runner import zygote
from labs.runner.sandbox import root
from labs.runner.sandbox.enter import SandboxPlan
from labs.runner.supervisor import folders
from labs.runner.supervisor.box import Order, SetupFailed
from labs.runner.supervisor.pool import Pool

GROUP = Path("/sys/fs/cgroup")  # in a container, its own control group
QUOTA = GROUP / "cpu.max"
TIERS = ("root", "user", "bare")
MEBIBYTE = 1 << 20
# A trial run does not use data, so any folder serves.
EMPTY_DATA = "/usr/share"


def is_root() -> bool:
    return os.geteuid() == 0


def refuse_tier(tier: str) -> str | None:
    """Return why this user cannot even try the tier, or None."""
    if tier == "root" and not is_root():
        return "root: the runner was not started by root"
    if tier == "user" and is_root():
        # Its runs would be user 0 of the host, whatever number they see inside.
        return "user: the runner was started by root, which has the better tier"
    return None


def run_folders(tier: str, folder: Path | None, data: str) -> tuple[str, str, str]:
    """Return the work, temporary and data folders as a run sees them."""
    if folder is None:
        return root.WORK, root.TEMPORARY, root.DATA
    return str(folder / "work"), str(folder / "tmp"), data


async def try_tier(tier: str, work: Path, uid: int) -> str | None:
    """Build one empty sandbox of the tier for real. Return None if it held, else the reason."""
    pool = Pool(zygote.ZygoteSettings(tier, str(work / "root"), EMPTY_DATA, []), work, 1, 1)
    folder = folders.make(work, uid if is_root() else None) if tier == "bare" else None
    plan = SandboxPlan(
        tier, uid, *run_folders(tier, folder, EMPTY_DATA), 64 * MEBIBYTE, MEBIBYTE, 8, other_threads(tier)
    )
    try:
        await pool.start()
        box = await pool.launch(Order("trial", plan, "", lambda: None))
        await box.end()
    except SetupFailed as error:
        return f"{tier}: {error}"
    finally:
        await pool.close()
        if folder is not None:
            folders.remove(folder)
    return None


def other_threads(tier: str) -> int:
    """Return how many threads of this user RLIMIT_NPROC counts against a run that has neither its own user nor its own
    user namespace.
    """
    if tier != "bare" or is_root():
        return 0
    return sum(threads_of(Path("/proc") / name) for name in os.listdir("/proc") if name.isdigit())


def threads_of(process: Path) -> int:
    try:
        if process.stat().st_uid != os.geteuid():
            return 0
        return len(os.listdir(process / "task"))
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0


def processors(quota: Path = QUOTA) -> float:
    """Return how many processors this process may keep busy: those that it may use, within its control group's quota."""
    allowed = float(len(os.sched_getaffinity(0)))
    try:
        share, period = quota.read_text().split()
        return min(allowed, int(share) / int(period))
    except (OSError, ValueError):  # no such control group, or "max"
        return allowed


def memory_available(group: Path = GROUP) -> int:
    """Return the bytes of memory available without swapping: the host's, or what the container's limit leaves of them."""
    with open("/proc/meminfo") as meminfo:
        of_host = next(int(line.split()[1]) * 1024 for line in meminfo if line.startswith("MemAvailable:"))
    try:
        limit, used = (int((group / name).read_text()) for name in ("memory.max", "memory.current"))
        counts = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        cached = int(counts["inactive_file"]) + int(counts["active_file"])  # the kernel drops it when memory runs short
    except (OSError, ValueError, KeyError):  # no such control group, "max", or a kernel that counts otherwise
        return of_host
    return max(0, min(of_host, limit - used + cached))
