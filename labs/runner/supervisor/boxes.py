"""Making sandboxed processes: a user, a folder, a plan and memory for each."""

import itertools
import secrets
from dataclasses import dataclass
from pathlib import Path

from labs.runner.protocol import CAPS, Limits, Refused
from labs.runner.sandbox.enter import Plan
from labs.runner.supervisor import folders, host
from labs.runner.supervisor.box import Box, Order, SetupFailed
from labs.runner.supervisor.cgroup import Groups
from labs.runner.supervisor.pool import Pool
from labs.runner.supervisor.sessions import Sessions
from labs.runner.supervisor.spares import Kind, Spares

# Free memory that is never given to a run, and the most that a run must find free before it starts.
RESERVE_BYTES, WANTED_BYTES = 512 << 20, 1 << 30
UIDS = 1000


@dataclass(frozen=True)
class Options:
    """`data` is what runs see read-only; `uid_base` the first of a thousand users that belong to nobody else."""

    work: Path
    data: str
    runtimes: tuple[str, ...] = ("tf2", "tf1")
    caps: Limits = CAPS
    most_runs: int = 8
    most_sessions: int = 40
    uid_base: int = 58000
    spares: int = 2


class Boxes:
    """`release` of each box gives its user and folder back."""

    def __init__(self, options: Options, tier: str, pool: Pool, sessions: Sessions, groups: Groups | None = None):
        self.options, self.tier, self.pool, self.sessions = options, tier, pool, sessions
        self.groups = groups
        self.uids = itertools.cycle(range(options.uid_base, options.uid_base + UIDS))
        self.uids_taken: set[int] = set()
        self.spares = Spares(self.make_of, options.spares)

    async def make(self, runtime: str, limits: Limits, seed: int | None = None) -> Box:
        """A fresh sandboxed process, from the spares if one fits. Refused: at_capacity, when memory is short;
        SetupFailed, when it is our fault."""
        kind = Kind(runtime, limits.memory_bytes, limits.disk_bytes, limits.threads)
        spare = self.spares.take(kind) if seed is None else None
        return spare or await self.make_new(runtime, limits, seed)

    def prepare_first(self) -> None:
        """A spare of the commonest kind, before the first learner comes."""
        common = Limits()
        self.spares.prepare(Kind(self.options.runtimes[0], common.memory_bytes, common.disk_bytes, common.threads))

    async def make_of(self, kind: Kind) -> Box:
        sizes = {"memory_bytes": kind.memory_bytes, "disk_bytes": kind.disk_bytes, "threads": kind.threads}
        return await self.make_new(kind.runtime, Limits(**sizes), None)

    async def make_new(self, runtime: str, limits: Limits, seed: int | None) -> Box:
        await self.make_memory(limits)
        uid = next(each for each in self.uids if each not in self.uids_taken)
        folder, id = self.folder_for(uid), secrets.token_hex(8)
        self.uids_taken.add(uid)

        def release() -> None:
            self.uids_taken.discard(uid)
            if folder is not None:
                folders.remove(folder)
            if self.groups is not None:
                self.groups.remove(id)

        try:
            box = await self.pool.launch(Order(id, self.plan(uid, folder, limits), runtime, release, seed))
        except SetupFailed:
            release()
            raise
        if self.groups is not None:
            box.ran_out_of_memory = self.groups.make(id, box.pid, limits)
        return box

    def folder_for(self, uid: int) -> Path | None:
        if self.tier != "bare":
            return None
        return folders.make(self.options.work, uid if host.is_root() else None)

    def plan(self, uid: int, folder: Path | None, limits: Limits) -> Plan:
        places = host.places(self.tier, folder, self.options.data)
        sizes = (limits.memory_bytes, limits.disk_bytes, limits.threads)
        return Plan(self.tier, uid, *places, *sizes, host.other_threads(self.tier))

    async def make_memory(self, limits: Limits) -> None:
        """Ends the longest idle sessions, whoever's they are, until a run of this size fits."""
        while host.memory_available() < min(limits.memory_bytes, WANTED_BYTES) + RESERVE_BYTES:
            idle = self.sessions.idle()
            if not idle:
                raise Refused("at_capacity", "The lab has no memory left for another run. Try again in a minute.")
            await self.sessions.end(idle[0], "The session ended because memory was short.")
